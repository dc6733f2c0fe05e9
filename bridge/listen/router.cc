#include "bridge/listen/router.h"

#include <algorithm>

namespace fluxgate {
namespace {

constexpr std::string_view kAllowGet = "GET, HEAD, OPTIONS";
constexpr std::string_view kAllowPost = "OPTIONS, POST";
constexpr std::string_view kAllowUpload = "OPTIONS, POST, PUT";
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

// The busy ones first.
constexpr Route kFixedRoutes[] = {
    PostRoute("/write", Endpoint::kWriteV1),
    PostRoute("/api/v2/write", Endpoint::kWriteV2),
    GetRoute("/ping", Endpoint::kPing),
    BothRoute("/query", Endpoint::kQueryV1),
    BothRoute("/api/v2/query", Endpoint::kQueryV2),
    GetRoute("/health", Endpoint::kInfluxHealth),
    GetRoute("/ready", Endpoint::kInfluxReady),
    GetRoute("/status", Endpoint::kInfluxStatus),
    GetRoute("/-/healthy", Endpoint::kPrometheusHealthy),
    GetRoute("/-/ready", Endpoint::kPrometheusReady),
    GetRoute("/healthz", Endpoint::kLivez),
    GetRoute("/livez", Endpoint::kLivez),
    GetRoute("/readyz", Endpoint::kReadyz),
    GetRoute("/status/rejections", Endpoint::kRejections),
    GetRoute("/", Endpoint::kLanding),
};

bool IsFixed(std::string_view path) {
  return std::ranges::find(kFixedRoutes, path, &Route::path) != std::end(kFixedRoutes);
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
    case HttpMethod::kOptions:
      return endpoint != Endpoint::kNone;
    case HttpMethod::kOther:
      return false;
  }
  return false;
}

Router::Router(std::string_view telemetry_path, std::string_view exporter_telemetry_path,
               std::span<const std::string> upload_paths)
    : telemetry_path_(CollapseSlashes(telemetry_path)),
      exporter_telemetry_path_(CollapseSlashes(exporter_telemetry_path)) {
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
  const auto found = std::ranges::find(routes_, path, &Route::path);
  return found == routes_.end() ? routes_.back() : *found;
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
