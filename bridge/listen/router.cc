#include "bridge/listen/router.h"

#include <algorithm>

namespace fluxgate {
namespace {

constexpr std::string_view kAllowGet = "GET, HEAD, OPTIONS";
constexpr std::string_view kAllowPost = "OPTIONS, POST";
constexpr std::string_view kAllowUpload = "OPTIONS, POST, PUT";
constexpr std::string_view kAllowDelete = "DELETE, OPTIONS";
constexpr std::string_view kAllowBoth = "GET, HEAD, OPTIONS, POST";

constexpr Route GetRoute(std::string_view path, Endpoint endpoint) {
  return {.path = path, .endpoint = endpoint, .get = true, .allow = kAllowGet};
}
constexpr Route PostRoute(std::string_view path, Endpoint endpoint) {
  return {.path = path, .endpoint = endpoint, .post = true, .allow = kAllowPost};
}
constexpr Route UploadRoute(std::string_view path) {
  return {.path = path,
          .endpoint = Endpoint::kUpload,
          .post = true,
          .put = true,
          .allow = kAllowUpload};
}
constexpr Route BothRoute(std::string_view path, Endpoint endpoint) {
  return {.path = path, .endpoint = endpoint, .get = true, .post = true, .allow = kAllowBoth};
}
constexpr Route DeleteFolder(std::string_view path, Endpoint endpoint) {
  return {
      .path = path, .endpoint = endpoint, .del = true, .is_folder = true, .allow = kAllowDelete};
}
constexpr Route Influx(Route route) {
  route.is_influx = true;
  return route;
}
constexpr Route Anywhere(Route route) {
  route.is_influx = true;
  route.is_anywhere = true;
  return route;
}

// The busy ones first; of those that may be anywhere the longer ones before what they end with.
constexpr Route kFixedRoutes[] = {
    Anywhere(PostRoute("/api/v2/write", Endpoint::kWriteV2)),
    Anywhere(PostRoute("/api/v3/write_lp", Endpoint::kWriteV3)),
    Anywhere(PostRoute("/write", Endpoint::kWriteV1)),
    Anywhere(BothRoute("/api/v2/query", Endpoint::kQueryV2)),
    Anywhere(BothRoute("/query", Endpoint::kQueryV1)),
    Anywhere(BothRoute("/ping", Endpoint::kPing)),
    Anywhere(GetRoute("/health", Endpoint::kInfluxHealth)),
    Influx(GetRoute("/ready", Endpoint::kInfluxReady)),
    Influx(GetRoute("/status", Endpoint::kInfluxStatus)),
    Influx(GetRoute("/api/v2/ping", Endpoint::kPing)),
    Influx(GetRoute("/api/v2/health", Endpoint::kInfluxHealth)),
    Influx(GetRoute("/api/v2/ready", Endpoint::kInfluxReady)),
    Influx(BothRoute("/api/v2/setup", Endpoint::kSetupV2)),
    Influx(GetRoute("/api/v2/orgs", Endpoint::kOrgsV2)),
    Influx(BothRoute("/api/v2/buckets", Endpoint::kBucketsV2)),
    Influx(BothRoute("/api/v3/query_sql", Endpoint::kQuerySqlV3)),
    GetRoute("/-/healthy", Endpoint::kPrometheusHealthy),
    GetRoute("/-/ready", Endpoint::kPrometheusReady),
    GetRoute("/healthz", Endpoint::kLivez),
    GetRoute("/livez", Endpoint::kLivez),
    GetRoute("/readyz", Endpoint::kReadyz),
    GetRoute("/status/rejections", Endpoint::kRejections),
    GetRoute("/groups", Endpoint::kGroups),
    DeleteFolder("/groups/", Endpoint::kGroup),
    GetRoute("/", Endpoint::kLanding),
};

bool IsFixed(std::string_view path) {
  return std::ranges::find(kFixedRoutes, path, &Route::path) != std::end(kFixedRoutes);
}

// End like a route, but speak no protocol of InfluxDB: Prometheus remote write and queries.
constexpr std::string_view kForeignPaths[] = {"/prom/write", "/api/v1/write", "/api/v1/query"};

std::string_view WithoutEndSlash(std::string_view path) {
  return path.size() > 1 && path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
}

}  // namespace

bool Route::Takes(HttpMethod method) const {
  switch (method) {
    case HttpMethod::kGet:
    case HttpMethod::kHead:
      return get;
    case HttpMethod::kPost:
      return post;
    case HttpMethod::kPut:
      return put;
    case HttpMethod::kDelete:
      return del;
    case HttpMethod::kOptions:
      return endpoint != Endpoint::kNone;
    case HttpMethod::kOther:
      return false;
  }
  return false;
}

Router::Router(std::string_view telemetry_path, std::string_view exporter_telemetry_path,
               std::span<const std::string> upload_paths, std::string_view route_prefix)
    : telemetry_path_(CollapseSlashes(telemetry_path)),
      exporter_telemetry_path_(CollapseSlashes(exporter_telemetry_path)),
      prefix_(CollapseSlashes(route_prefix)) {
  if (prefix_.ends_with('/')) {
    prefix_.pop_back();
  }
  routes_.push_back(GetRoute(telemetry_path_, Endpoint::kTelemetry));
  routes_.push_back(GetRoute(exporter_telemetry_path_, Endpoint::kExporterTelemetry));
  for (const std::string& path : upload_paths) {
    upload_paths_.push_back(CollapseSlashes(path));
  }
  for (const std::string& path : upload_paths_) {
    routes_.push_back(UploadRoute(path));
  }
  routes_.insert(routes_.end(), std::begin(kFixedRoutes), std::end(kFixedRoutes));
  routes_.push_back({.path = "unknown", .endpoint = Endpoint::kNone});
  for (unsigned number = 0; number < routes_.size(); ++number) {
    routes_[number].number = number;
  }
}

const Route& Router::Find(std::string_view path) const {
  const Route* found = nullptr;
  if (prefix_.empty()) {
    found = FindExact(path);
    found = found == nullptr ? FindAnywhere(WithoutEndSlash(path)) : found;
  } else if (path.starts_with(prefix_)) {
    path.remove_prefix(prefix_.size());
    found = path.empty() ? FindExact("/") : path.starts_with('/') ? FindExact(path) : nullptr;
  }
  return found == nullptr ? routes_.back() : *found;
}

std::string_view Router::Within(const Route& folder, std::string_view path) const {
  return WithoutEndSlash(path.substr(prefix_.size() + folder.path.size()));
}

const Route* Router::FindExact(std::string_view path) const {
  for (const std::string_view each : {path, WithoutEndSlash(path)}) {
    const auto found = std::ranges::find_if(
        routes_, [&](const Route& route) { return !route.is_folder && route.path == each; });
    if (found != routes_.end()) {
      return &*found;
    }
  }
  // A folder has no folders in it.
  const std::string_view in_folder = WithoutEndSlash(path);
  const auto folder = std::ranges::find_if(routes_, [&](const Route& route) {
    return route.is_folder && in_folder.starts_with(route.path) &&
           in_folder.find('/', route.path.size()) == std::string_view::npos;
  });
  return folder == routes_.end() ? nullptr : &*folder;
}

const Route* Router::FindAnywhere(std::string_view path) const {
  if (std::ranges::any_of(kForeignPaths,
                          [&](std::string_view each) { return path.ends_with(each); })) {
    return nullptr;
  }
  const auto found = std::ranges::find_if(routes_, [&](const Route& route) {
    return route.is_anywhere && path.starts_with('/') && path.ends_with(route.path);
  });
  return found == routes_.end() ? nullptr : &*found;
}

std::optional<std::string> FindPathClash(std::string_view telemetry_path,
                                         std::string_view exporter_telemetry_path,
                                         std::span<const std::string> upload_paths) {
  const std::string path = CollapseSlashes(telemetry_path);
  const std::string exporter_path = CollapseSlashes(exporter_telemetry_path);
  if (path == exporter_path) {
    return "the two telemetry paths are the same: " + path;
  }
  std::vector<std::string> taken = {path, exporter_path};
  for (const std::string& each : taken) {
    // The landing page gives way.
    if (each != "/" && IsFixed(each)) {
      return "the telemetry path is taken by another endpoint: " + each;
    }
  }
  for (const std::string& upload_path : upload_paths) {
    taken.push_back(CollapseSlashes(upload_path));
    if (IsFixed(taken.back()) || std::ranges::count(taken, taken.back()) > 1) {
      return "the upload path is taken by another endpoint: " + taken.back();
    }
  }
  return std::nullopt;
}

}  // namespace fluxgate
