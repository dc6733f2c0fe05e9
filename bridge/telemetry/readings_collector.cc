#include "bridge/telemetry/readings_collector.h"

#include <prometheus/metric_family.h>

#include <string>
#include <utility>

namespace fluxgate {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<prometheus::ClientMetric::Label>;

void AddMetric(MetricFamily* family, Labels labels, double value) {
  prometheus::ClientMetric metric;
  metric.label = std::move(labels);
  metric.counter.value = value;
  metric.gauge.value = value;
  family->metric.push_back(std::move(metric));
}

// The counters that are kept by protocol and database.
struct WriteColumn {
  const char* name;
  const char* help;
  uint64_t WriteReading::* count;
};
constexpr WriteColumn kWriteColumns[] = {
    {"fluxgate_requests_total", "Write requests, datagrams, and batches of streams.",
     &WriteReading::requests},
    {"fluxgate_received_bytes_total", "Bytes of write bodies as sent.", &WriteReading::bytes},
    {"fluxgate_points_total", "Points taken.", &WriteReading::points},
    {"fluxgate_samples_total", "Samples stored as current values.", &WriteReading::samples},
    {"fluxgate_historic_points_total", "Points too old on arrival to be shown.",
     &WriteReading::historic_points},
};

// The counters that are kept by reason.
struct ReasonColumn {
  const char* name;
  const char* help;
  std::map<std::string, uint64_t> SelfReadings::* counts;
};
constexpr ReasonColumn kReasonColumns[] = {
    {"fluxgate_lines_rejected_total", "Lines that are not line protocol.",
     &SelfReadings::rejected_lines},
    {"fluxgate_samples_dropped_total", "Samples and series that were not stored.",
     &SelfReadings::dropped_samples},
    {"fluxgate_leniencies_total", "Irregularities that were put up with.",
     &SelfReadings::leniencies},
};

struct SingleColumn {
  const char* name;
  const char* help;
  MetricType type;
  uint64_t SelfReadings::* value;
};
constexpr SingleColumn kSingleColumns[] = {
    {"fluxgate_series", "Series in the cache.", MetricType::Gauge, &SelfReadings::series},
    {"fluxgate_rows", "Label sets in the cache.", MetricType::Gauge, &SelfReadings::rows},
    {"fluxgate_groups", "Snapshot groups.", MetricType::Gauge, &SelfReadings::groups},
    {"fluxgate_groups_refused_total",
     "Bodies of groups that were refused because there were too many groups.", MetricType::Counter,
     &SelfReadings::refused_groups},
    {"fluxgate_request_memory_bytes", "Held for large requests, of --web.max-request-memory.",
     MetricType::Gauge, &SelfReadings::request_memory},
    {"fluxgate_request_memory_refused_total",
     "Requests answered 503 because large requests held too much.", MetricType::Counter,
     &SelfReadings::refused_request_memory},
    {"fluxgate_families", "Metric families in the cache.", MetricType::Gauge,
     &SelfReadings::families},
    {"fluxgate_http_connections", "HTTP connections that are open.", MetricType::Gauge,
     &SelfReadings::http_connections},
    {"fluxgate_line_connections", "Line stream connections that are open.", MetricType::Gauge,
     &SelfReadings::line_connections},
    {"fluxgate_line_connections_refused_total",
     "Line streams closed because there were too many connections.", MetricType::Counter,
     &SelfReadings::refused_line_connections},
    {"fluxgate_udp_datagrams_total", "Datagrams received.", MetricType::Counter,
     &SelfReadings::udp_datagrams},
    {"fluxgate_udp_datagrams_lost_total", "Datagrams lost because the receive buffer was full.",
     MetricType::Counter, &SelfReadings::udp_lost_datagrams},
};

MetricFamily WriteFamily(const WriteColumn& column, const SelfReadings& readings) {
  MetricFamily family{column.name, column.help, MetricType::Counter, {}};
  for (const WriteReading& reading : readings.writes) {
    AddMetric(&family, {{"protocol", reading.protocol}, {"database", reading.database}},
              static_cast<double>(reading.*column.count));
  }
  return family;
}

MetricFamily ReasonFamily(const ReasonColumn& column, const SelfReadings& readings) {
  MetricFamily family{column.name, column.help, MetricType::Counter, {}};
  for (const auto& [reason, count] : readings.*column.counts) {
    AddMetric(&family, {{"reason", reason}}, static_cast<double>(count));
  }
  return family;
}

MetricFamily SingleFamily(const SingleColumn& column, const SelfReadings& readings) {
  MetricFamily family{column.name, column.help, column.type, {}};
  AddMetric(&family, {}, static_cast<double>(readings.*column.value));
  return family;
}

MetricFamily LastWriteFamily(const SelfReadings& readings) {
  MetricFamily family{"fluxgate_last_write_timestamp_seconds",
                      "When the last write came in, in seconds since the epoch.",
                      MetricType::Gauge,
                      {}};
  for (const auto& [database, time_ns] : readings.last_write_ns) {
    AddMetric(&family, {{"database", database}}, static_cast<double>(time_ns) / 1e9);
  }
  return family;
}

MetricFamily GroupFamily(const SelfReadings& readings) {
  MetricFamily family{
      "fluxgate_group_last_complete_timestamp_seconds",
      "When a snapshot of the group last came in whole, in seconds since the epoch.",
      MetricType::Gauge,
      {}};
  for (const auto& [group, time_ns] : readings.group_completed_ns) {
    AddMetric(&family, {{"group", group}}, static_cast<double>(time_ns) / 1e9);
  }
  return family;
}

MetricFamily HttpFamily(const SelfReadings& readings) {
  MetricFamily family{"fluxgate_http_requests_total",
                      "HTTP requests by route and status code.",
                      MetricType::Counter,
                      {}};
  for (const HttpReading& reading : readings.http_requests) {
    AddMetric(&family, {{"path", reading.path}, {"code", reading.code}},
              static_cast<double>(reading.requests));
  }
  return family;
}

}  // namespace

std::vector<MetricFamily> ReadingsCollector::Collect() const {
  const SelfReadings readings = read_();
  std::vector<MetricFamily> families;
  for (const WriteColumn& column : kWriteColumns) {
    families.push_back(WriteFamily(column, readings));
  }
  for (const ReasonColumn& column : kReasonColumns) {
    families.push_back(ReasonFamily(column, readings));
  }
  for (const SingleColumn& column : kSingleColumns) {
    families.push_back(SingleFamily(column, readings));
  }
  families.push_back(LastWriteFamily(readings));
  families.push_back(GroupFamily(readings));
  families.push_back(HttpFamily(readings));
  return families;
}

}  // namespace fluxgate
