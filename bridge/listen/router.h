// Which endpoint a request is for.
//
// The table of routes is fixed but for the telemetry and upload paths, which go before the others.
// A slash at the end means nothing. Without a route prefix, the paths that writers use are also
// found below any other path, as reverse proxies leave them (`/influx/write`); with one, all routes
// are below that prefix and nowhere else. A folder stands for all that is in it. Encodings: paths
// as RequestHead has them: percent-encoded, slashes collapsed. Lifetime: a Route's strings live as
// long as the Router. Thread: immutable.
#pragma once

#include "bridge/listen/request_head.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate {

enum class Endpoint : uint8_t {
  kWriteV1,
  kWriteV2,
  kWriteV3,
  kUpload,
  kQueryV1,
  kQueryV2,
  kQuerySqlV3,
  kPing,
  kInfluxHealth,
  kInfluxReady,
  kInfluxStatus,
  kSetupV2,
  kOrgsV2,
  kBucketsV2,
  kPrometheusHealthy,
  kPrometheusReady,
  kLivez,
  kReadyz,
  kTelemetry,
  kExporterTelemetry,
  kLanding,
  kRejections,
  kGroups,
  kGroup,
  kNone,  // no such path
};

struct Route {
  std::string_view path;
  Endpoint endpoint = Endpoint::kNone;
  bool get = false;
  bool post = false;
  bool is_influx = false;    // one that InfluxDB has, which answers scripts of any web page
  bool is_anywhere = false;  // below any path
  bool put = false;
  bool del = false;          // DELETE
  bool is_folder = false;    // of all paths that are one name behind `path`
  std::string_view allow{};  // the Allow header: what Takes() takes
  unsigned number = 0;       // counts through the routes of a Router

  bool Takes(HttpMethod method) const;
};

class Router {
 public:
  // `route_prefix` is a path, or empty.
  Router(std::string_view telemetry_path, std::string_view exporter_telemetry_path,
         std::span<const std::string> upload_paths, std::string_view route_prefix = {});
  Router(const Router&) = delete;
  Router& operator=(const Router&) = delete;

  // The route of `path`; the one of Endpoint::kNone, which takes no method, when there is none.
  const Route& Find(std::string_view path) const;

  // What of `path` is behind the folder that Find(path) gave, without a slash at the end.
  std::string_view Within(const Route& folder, std::string_view path) const;

  // All routes, by number; kNone is the last.
  std::span<const Route> routes() const { return routes_; }

 private:
  const Route* FindExact(std::string_view path) const;
  const Route* FindAnywhere(std::string_view path) const;

  const std::string telemetry_path_;
  const std::string exporter_telemetry_path_;
  std::string prefix_;  // without a slash at the end
  std::vector<std::string> upload_paths_;
  std::vector<Route> routes_;
};

// Says what is wrong with the telemetry and upload paths, if two are the same or one is taken: in
// one line.
std::optional<std::string> FindPathClash(std::string_view telemetry_path,
                                         std::string_view exporter_telemetry_path,
                                         std::span<const std::string> upload_paths);

}  // namespace fluxgate
