#include "bridge/listen/router.h"

#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate {
namespace {

struct RouteCase {
  std::string_view path;
  Endpoint endpoint;
  std::string_view allow;
};

TEST(Router, FindsEveryRoute) {
  const Router router("/metrics", "/metrics/exporter", {});
  const RouteCase cases[] = {
      {"/write", Endpoint::kWriteV1, "OPTIONS, POST"},
      {"/api/v2/write", Endpoint::kWriteV2, "OPTIONS, POST"},
      {"/query", Endpoint::kQueryV1, "GET, HEAD, OPTIONS, POST"},
      {"/api/v2/query", Endpoint::kQueryV2, "GET, HEAD, OPTIONS, POST"},
      {"/ping", Endpoint::kPing, "GET, HEAD, OPTIONS, POST"},
      {"/api/v3/write_lp", Endpoint::kWriteV3, "OPTIONS, POST"},
      {"/api/v3/query_sql", Endpoint::kQuerySqlV3, "GET, HEAD, OPTIONS, POST"},
      {"/api/v2/ping", Endpoint::kPing, "GET, HEAD, OPTIONS"},
      {"/api/v2/health", Endpoint::kInfluxHealth, "GET, HEAD, OPTIONS"},
      {"/api/v2/ready", Endpoint::kInfluxReady, "GET, HEAD, OPTIONS"},
      {"/api/v2/setup", Endpoint::kSetupV2, "GET, HEAD, OPTIONS, POST"},
      {"/api/v2/orgs", Endpoint::kOrgsV2, "GET, HEAD, OPTIONS"},
      {"/api/v2/buckets", Endpoint::kBucketsV2, "GET, HEAD, OPTIONS, POST"},
      {"/health", Endpoint::kInfluxHealth, "GET, HEAD, OPTIONS"},
      {"/ready", Endpoint::kInfluxReady, "GET, HEAD, OPTIONS"},
      {"/status", Endpoint::kInfluxStatus, "GET, HEAD, OPTIONS"},
      {"/-/healthy", Endpoint::kPrometheusHealthy, "GET, HEAD, OPTIONS"},
      {"/-/ready", Endpoint::kPrometheusReady, "GET, HEAD, OPTIONS"},
      {"/healthz", Endpoint::kLivez, "GET, HEAD, OPTIONS"},
      {"/livez", Endpoint::kLivez, "GET, HEAD, OPTIONS"},
      {"/readyz", Endpoint::kReadyz, "GET, HEAD, OPTIONS"},
      {"/metrics", Endpoint::kTelemetry, "GET, HEAD, OPTIONS"},
      {"/metrics/exporter", Endpoint::kExporterTelemetry, "GET, HEAD, OPTIONS"},
      {"/", Endpoint::kLanding, "GET, HEAD, OPTIONS"},
      {"/status/rejections", Endpoint::kRejections, "GET, HEAD, OPTIONS"},
      {"/nope", Endpoint::kNone, ""},
      {"", Endpoint::kNone, ""},
      {"/write/", Endpoint::kWriteV1, "OPTIONS, POST"},
      {"/metrics/", Endpoint::kTelemetry, "GET, HEAD, OPTIONS"},
      {"/Write", Endpoint::kNone, ""},
      {"unknown", Endpoint::kNone, ""},
  };
  for (const RouteCase& each : cases) {
    EXPECT_EQ(router.Find(each.path).endpoint, each.endpoint) << each.path;
    EXPECT_EQ(router.Find(each.path).allow, each.allow) << each.path;
  }
}

TEST(Router, MethodsFollowFromTheRoute) {
  const Router router("/metrics", "/metrics/exporter", {});
  struct MethodCase {
    std::string_view path;
    bool get;
    bool post;
    bool options;
  };
  const MethodCase cases[] = {{"/write", false, true, true},
                              {"/health", true, false, true},
                              {"/query", true, true, true},
                              {"/nope", false, false, false}};
  for (const MethodCase& each : cases) {
    const Route& route = router.Find(each.path);
    EXPECT_EQ(route.Takes(HttpMethod::kGet), each.get) << each.path;
    EXPECT_EQ(route.Takes(HttpMethod::kHead), each.get) << each.path;
    EXPECT_EQ(route.Takes(HttpMethod::kPost), each.post) << each.path;
    EXPECT_EQ(route.Takes(HttpMethod::kOptions), each.options) << each.path;
    EXPECT_FALSE(route.Takes(HttpMethod::kOther)) << each.path;
  }
}

TEST(Router, TelemetryPathsMayBeElsewhere) {
  const Router router("//pwp/prometheus/metrics", "/", {});
  EXPECT_EQ(router.Find("/pwp/prometheus/metrics").endpoint, Endpoint::kTelemetry);
  EXPECT_EQ(router.Find("/").endpoint, Endpoint::kExporterTelemetry);
  EXPECT_EQ(router.Find("/metrics").endpoint, Endpoint::kNone);
}

TEST(Router, WhatWritersUseIsFoundBelowAnyPath) {
  const Router router("/metrics", "/metrics/exporter", {});
  const RouteCase cases[] = {
      {"/influx/write", Endpoint::kWriteV1, ""},
      {"/a/b/write/", Endpoint::kWriteV1, ""},
      {"/influx/query", Endpoint::kQueryV1, ""},
      {"/influx/ping", Endpoint::kPing, ""},
      {"/influx/health", Endpoint::kInfluxHealth, ""},
      {"/influx/api/v2/write", Endpoint::kWriteV2, ""},
      {"/influx/api/v2/query", Endpoint::kQueryV2, ""},
      {"/influx/api/v3/write_lp", Endpoint::kWriteV3, ""},
      {"/api/v1/push/influx/write", Endpoint::kWriteV1, ""},
      {"/api/v1/prom/write", Endpoint::kNone, ""},
      {"/api/v1/write", Endpoint::kNone, ""},
      {"/prometheus/api/v1/write/", Endpoint::kNone, ""},
      {"/api/v1/query", Endpoint::kNone, ""},
      {"/influx/metrics", Endpoint::kNone, ""},
      {"/influxwrite", Endpoint::kNone, ""},
      {"/write/more", Endpoint::kNone, ""},
      {"influx/write", Endpoint::kNone, ""},
  };
  for (const RouteCase& each : cases) {
    EXPECT_EQ(router.Find(each.path).endpoint, each.endpoint) << each.path;
  }
}

TEST(Router, ExactRoutesGoFirst) {
  const Router router("/my/write", "/my/ping", {});
  EXPECT_EQ(router.Find("/my/write").endpoint, Endpoint::kTelemetry);
  EXPECT_EQ(router.Find("/my/ping").endpoint, Endpoint::kExporterTelemetry);
  EXPECT_EQ(router.Find("/your/write").endpoint, Endpoint::kWriteV1);
}

TEST(Router, RoutePrefixIsTheOnlyOne) {
  for (const std::string_view prefix : {"/gate", "/gate/", "//gate"}) {
    const Router router("/metrics", "/own", {}, prefix);
    EXPECT_EQ(router.Find("/gate/write").endpoint, Endpoint::kWriteV1);
    EXPECT_EQ(router.Find("/gate/metrics").endpoint, Endpoint::kTelemetry);
    EXPECT_EQ(router.Find("/gate/-/ready").endpoint, Endpoint::kPrometheusReady);
    EXPECT_EQ(router.Find("/gate").endpoint, Endpoint::kLanding);
    EXPECT_EQ(router.Find("/gate/").endpoint, Endpoint::kLanding);
    EXPECT_EQ(router.Find("/write").endpoint, Endpoint::kNone);
    EXPECT_EQ(router.Find("/gatewrite").endpoint, Endpoint::kNone);
    EXPECT_EQ(router.Find("/gate/influx/write").endpoint, Endpoint::kNone);
  }
  EXPECT_EQ(Router("/metrics", "/own", {}, "/").Find("/write").endpoint, Endpoint::kWriteV1);
}

TEST(Router, NumbersCountThroughTheRoutes) {
  const Router router("/metrics", "/metrics/exporter", {});
  for (unsigned number = 0; number < router.routes().size(); ++number) {
    EXPECT_EQ(router.routes()[number].number, number);
  }
  EXPECT_EQ(router.routes().back().endpoint, Endpoint::kNone);
}

TEST(Router, UploadPathsTakeFormsAndFiles) {
  const std::vector<std::string> paths = {"/data.cgi", "//up/load"};
  const Router router("/metrics", "/metrics/exporter", paths);
  for (const char* path : {"/data.cgi", "/up/load"}) {
    const Route& route = router.Find(path);
    EXPECT_EQ(route.endpoint, Endpoint::kUpload);
    EXPECT_TRUE(route.Takes(HttpMethod::kPost));
    EXPECT_TRUE(route.Takes(HttpMethod::kPut));
    EXPECT_FALSE(route.Takes(HttpMethod::kGet));
    EXPECT_EQ(route.allow, "OPTIONS, POST, PUT");
  }
}

TEST(Router, AFolderIsOfAllNamesInIt) {
  for (const std::string prefix : {"", "/gate"}) {
    const Router router("/metrics", "/metrics/exporter", {}, prefix);
    for (const std::string_view path : {"/groups/a", "/groups/a/", "/groups/a%2Fb"}) {
      const Route& route = router.Find(prefix + std::string(path));
      EXPECT_EQ(route.endpoint, Endpoint::kGroup) << path;
      EXPECT_TRUE(route.Takes(HttpMethod::kDelete));
      EXPECT_FALSE(route.Takes(HttpMethod::kGet));
      EXPECT_EQ(route.allow, "DELETE, OPTIONS");
    }
    EXPECT_EQ(router.Within(router.Find(prefix + "/groups/a%2Fb/"), prefix + "/groups/a%2Fb/"),
              "a%2Fb");
    EXPECT_EQ(router.Find(prefix + "/groups").endpoint, Endpoint::kGroups);
    EXPECT_EQ(router.Find(prefix + "/groups/").endpoint, Endpoint::kGroups);
    EXPECT_EQ(router.Find(prefix + "/groups/a/b").endpoint, Endpoint::kNone);
    EXPECT_FALSE(router.Find(prefix + "/write").Takes(HttpMethod::kDelete));
  }
  const Router router("/metrics", "/metrics/exporter", {});
  EXPECT_EQ(router.Find("/groups/proxy/write").endpoint, Endpoint::kWriteV1);
}

TEST(FindPathClash, SaysWhatIsWrong) {
  EXPECT_EQ(FindPathClash("/metrics", "/metrics/exporter", {}), std::nullopt);
  EXPECT_EQ(FindPathClash("/", "/metrics", {}), std::nullopt);
  EXPECT_EQ(FindPathClash("//m", "/m", {}), "the two telemetry paths are the same: /m");
  EXPECT_EQ(FindPathClash("/m", "/api//v2/write", {}),
            "the telemetry path is taken by another endpoint: /api/v2/write");
  const std::vector<std::string> twice = {"/up", "//up"};
  EXPECT_EQ(FindPathClash("/m", "/e", twice), "the upload path is taken by another endpoint: /up");
  const std::vector<std::string> taken = {"/m"};
  EXPECT_EQ(FindPathClash("/m", "/e", taken), "the upload path is taken by another endpoint: /m");
  const std::vector<std::string> good = {"/up"};
  EXPECT_EQ(FindPathClash("/m", "/e", good), std::nullopt);
}

}  // namespace
}  // namespace fluxgate
