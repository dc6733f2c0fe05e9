#include "bridge/telemetry/influx_exporter_metrics.h"

#include "protocol/prometheus/label_set.h"

#include <string_view>

namespace fluxgate {
namespace {

#if defined(__aarch64__)
constexpr std::string_view kArchitecture = "arm64";
#else
constexpr std::string_view kArchitecture = "amd64";
#endif

std::string BuildLabels(const Build& build) {
  std::string labels;
  prom::AppendLabel("branch", "none", &labels);
  prom::AppendLabel("goarch", kArchitecture, &labels);
  prom::AppendLabel("goos", "linux", &labels);
  prom::AppendLabel("goversion", "none", &labels);
  prom::AppendLabel("revision", build.revision, &labels);
  prom::AppendLabel("tags", "fluxgate", &labels);
  prom::AppendLabel("version", build.version, &labels);
  return labels;
}

}  // namespace

std::vector<prom::MetricFamily> InfluxExporterFamilies(const Build& build, int64_t last_push_ns,
                                                       uint64_t udp_parse_errors) {
  return {
      {.name = "influxdb_exporter_build_info",
       .type = prom::MetricType::kGauge,
       .help = "A metric with a constant '1' value labeled by version, revision, branch, goversion "
               "from which influxdb_exporter was built, and the goos and goarch for the build.",
       .samples = {{"", BuildLabels(build), 1}}},
      {.name = "influxdb_last_push_timestamp_seconds",
       .type = prom::MetricType::kGauge,
       .help = "Unix timestamp of the last received influxdb metrics push in seconds.",
       .samples = {{"", "", static_cast<double>(last_push_ns) / 1e9}}},
      {.name = "influxdb_udp_parse_errors_total",
       .type = prom::MetricType::kCounter,
       .help = "Current total udp parse errors.",
       .samples = {{"", "", static_cast<double>(udp_parse_errors)}}},
  };
}

std::vector<std::string> InfluxExporterReservedNames() {
  return {"influxdb_exporter_build_info", "influxdb_last_push_timestamp_seconds",
          "influxdb_udp_parse_errors", "influxdb_udp_parse_errors_created",
          "influxdb_udp_parse_errors_total"};
}

}  // namespace fluxgate
