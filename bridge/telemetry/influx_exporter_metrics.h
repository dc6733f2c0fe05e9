// The three families of its own that influxdb_exporter puts beside the bridged ones, for the
// dashboards that use them.
//
// Thread: compatible (pure functions).
// Spec: influxdb_exporter 0.11; OpenMetrics 1.0 on clashing names.
#pragma once

#include "protocol/prometheus/metric_family.h"

#include "bridge/telemetry/build.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fluxgate {

// Sorted by name. `last_push_ns` is the time of the last write over HTTP, 0 before the first.
std::vector<prom::MetricFamily> InfluxExporterFamilies(const Build& build, int64_t last_push_ns,
                                                       uint64_t udp_parse_errors);

// The family names that a pushed series must not have beside those three: theirs, and what
// OpenMetrics counts as theirs (a counter's name without _total, and that with _created). Sorted.
std::vector<std::string> InfluxExporterReservedNames();

}  // namespace fluxgate
