#include "bridge/telemetry/influx_exporter_metrics.h"

#include "protocol/prometheus/exposition_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace fluxgate {
namespace {

std::string Print(prom::ExpositionFormat format, int64_t last_push_ns, uint64_t udp_parse_errors) {
  std::string text;
  for (const prom::MetricFamily& family :
       InfluxExporterFamilies({"1.2", "abc"}, last_push_ns, udp_parse_errors)) {
    prom::AppendFamily(format, family, &text);
  }
  return text;
}

// Line for line as the exporter has them, but for the values of the build's labels.
TEST(InfluxExporterMetrics, LookLikeTheExporters) {
  const std::string text = Print(prom::ExpositionFormat::kText, 1'700'000'000'500'000'000, 3);
  const size_t labels_begin = text.find('{');
  const size_t labels_end = text.find('}');
  EXPECT_EQ(text.substr(0, labels_begin) + text.substr(labels_end + 1),
            "# HELP influxdb_exporter_build_info A metric with a constant '1' value labeled by "
            "version, revision, "
            "branch, goversion from which influxdb_exporter was built, and the goos and goarch for "
            "the build.\n"
            "# TYPE influxdb_exporter_build_info gauge\n"
            "influxdb_exporter_build_info 1\n"
            "# HELP influxdb_last_push_timestamp_seconds Unix timestamp of the last received "
            "influxdb metrics push in "
            "seconds.\n"
            "# TYPE influxdb_last_push_timestamp_seconds gauge\n"
            "influxdb_last_push_timestamp_seconds 1.7000000005e+09\n"
            "# HELP influxdb_udp_parse_errors_total Current total udp parse errors.\n"
            "# TYPE influxdb_udp_parse_errors_total counter\n"
            "influxdb_udp_parse_errors_total 3\n");
  EXPECT_THAT(text.substr(labels_begin, labels_end - labels_begin),
              testing::MatchesRegex(
                  "\\{branch=\"[^\"]*\",goarch=\"[^\"]*\",goos=\"linux\",goversion=\"[^\"]*\","
                  "revision=\"abc\",tags=\"[^\"]*\",version=\"1.2\""));
}

TEST(InfluxExporterMetrics, TheTimeOfTheLastPushIsZeroAtFirst) {
  EXPECT_NE(
      Print(prom::ExpositionFormat::kText, 0, 0).find("influxdb_last_push_timestamp_seconds 0\n"),
      std::string::npos);
}

// What a name in OpenMetrics belongs to: a counter's family also owns its sample's names.
TEST(InfluxExporterMetrics, ReservedNamesAreAllThatClash) {
  const std::vector<std::string> reserved = InfluxExporterReservedNames();
  EXPECT_TRUE(std::ranges::is_sorted(reserved));
  EXPECT_THAT(reserved, testing::UnorderedElementsAre(
                            "influxdb_exporter_build_info", "influxdb_last_push_timestamp_seconds",
                            "influxdb_udp_parse_errors_total", "influxdb_udp_parse_errors",
                            "influxdb_udp_parse_errors_created"));
}

}  // namespace
}  // namespace fluxgate
