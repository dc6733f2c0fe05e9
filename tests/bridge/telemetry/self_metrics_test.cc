#include "bridge/telemetry/self_metrics.h"

#include "protocol/prometheus/exposition_format.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace fluxgate {
namespace {

SelfReadings SomeReadings() {
  SelfReadings readings;
  readings.writes.push_back({.protocol = "udp",
                             .database = "d\n",
                             .requests = 1,
                             .bytes = 2,
                             .points = 3,
                             .samples = 4,
                             .historic_points = 5});
  readings.last_write_ns["d\n"] = 1'500'000'000;
  readings.rejected_lines["bad"] = 6;
  readings.dropped_samples["string_field"] = 7;
  readings.leniencies["crlf"] = 8;
  readings.http_requests.push_back({"/write", "204", 9});
  readings.group_completed_ns["nightly"] = 2'500'000'000;
  readings.groups = 18;
  readings.refused_groups = 19;
  readings.request_memory = 20;
  readings.refused_request_memory = 21;
  readings.series = 10;
  readings.rows = 11;
  readings.families = 12;
  readings.http_connections = 13;
  readings.line_connections = 16;
  readings.refused_line_connections = 17;
  readings.udp_datagrams = 14;
  readings.udp_lost_datagrams = 15;
  return readings;
}

std::string Print(const SelfMetrics& metrics) {
  std::string text;
  for (const prom::MetricFamily& family : metrics.Collect()) {
    prom::AppendFamily(prom::ExpositionFormat::kText, family, &text);
  }
  return text;
}

TEST(SelfMetrics, ShowsEveryReading) {
  SelfMetrics metrics({"1.2.3", "abc"}, &SomeReadings);
  metrics.ObserveScrape(0.25, 5000);
  const std::string text = Print(metrics);
  for (const char* line :
       {"fluxgate_build_info{revision=\"abc\",version=\"1.2.3\"} 1\n",
        "fluxgate_requests_total{database=\"d\\n\",protocol=\"udp\"} 1\n",
        "fluxgate_received_bytes_total{database=\"d\\n\",protocol=\"udp\"} 2\n",
        "fluxgate_points_total{database=\"d\\n\",protocol=\"udp\"} 3\n",
        "fluxgate_samples_total{database=\"d\\n\",protocol=\"udp\"} 4\n",
        "fluxgate_historic_points_total{database=\"d\\n\",protocol=\"udp\"} 5\n",
        "fluxgate_last_write_timestamp_seconds{database=\"d\\n\"} 1.5\n",
        "fluxgate_lines_rejected_total{reason=\"bad\"} 6\n",
        "fluxgate_samples_dropped_total{reason=\"string_field\"} 7\n",
        "fluxgate_leniencies_total{reason=\"crlf\"} 8\n",
        "fluxgate_http_requests_total{code=\"204\",path=\"/write\"} 9\n",
        "fluxgate_group_last_complete_timestamp_seconds{group=\"nightly\"} 2.5\n",
        "fluxgate_groups 18\n",
        "fluxgate_groups_refused_total 19\n",
        "fluxgate_request_memory_bytes 20\n",
        "fluxgate_request_memory_refused_total 21\n",
        "fluxgate_series 10\n",
        "fluxgate_rows 11\n",
        "fluxgate_families 12\n",
        "fluxgate_http_connections 13\n",
        "fluxgate_line_connections 16\n",
        "fluxgate_line_connections_refused_total 17\n",
        "fluxgate_udp_datagrams_total 14\n",
        "fluxgate_udp_datagrams_lost_total 15\n",
        "fluxgate_scrapes_total 1\n",
        "fluxgate_scrape_duration_seconds_sum 0.25\n",
        "fluxgate_scrape_duration_seconds_bucket{le=\"0.1\"} 0\n",
        "fluxgate_scrape_duration_seconds_bucket{le=\"0.5\"} 1\n",
        "fluxgate_scrape_size_bytes_sum 5000\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "is missing in\n" << text;
  }
}

TEST(SelfMetrics, FamiliesAreSortedAndUnique) {
  const SelfMetrics metrics({"1", "r"}, &SomeReadings);
  std::vector<std::string> names;
  for (const prom::MetricFamily& family : metrics.Collect()) {
    names.push_back(family.name);
    EXPECT_FALSE(family.help.empty()) << family.name;
  }
  EXPECT_TRUE(std::ranges::is_sorted(names, std::ranges::less_equal()) || names.empty());
  EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
}

TEST(SelfMetrics, NothingReadIsNotShown) {
  const SelfMetrics metrics({"1", "r"}, [] { return SelfReadings(); });
  const std::string text = Print(metrics);
  EXPECT_EQ(text.find("fluxgate_requests_total"), std::string::npos);
  EXPECT_NE(text.find("fluxgate_series 0\n"), std::string::npos);
}

TEST(SelfMetrics, ShowsTheProcess) {
  const SelfMetrics metrics({"1", "r"}, [] { return SelfReadings(); });
  for (const prom::MetricFamily& family : metrics.Collect()) {
    if (family.name.starts_with("process_") && family.name != "process_cpu_seconds_total") {
      ASSERT_EQ(family.samples.size(), 1u) << family.name;
      EXPECT_GT(family.samples[0].value, 0) << family.name;
    }
  }
  const std::string text = Print(metrics);
  for (const char* name : {"process_cpu_seconds_total", "process_resident_memory_bytes",
                           "process_virtual_memory_bytes", "process_open_fds", "process_max_fds",
                           "process_start_time_seconds", "process_threads"}) {
    EXPECT_NE(text.find(std::string("# TYPE ") + name), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace fluxgate
