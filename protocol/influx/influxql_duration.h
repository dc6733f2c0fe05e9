// Durations as InfluxQL writes them (`1w2d`, `90m`), and as InfluxDB's answers do.
//
// Units: ns; 0 is for ever.
// Thread: compatible (pure functions).
// Spec: InfluxQL 1.x, "Durations"; Go time.Duration for answers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fluxgate::influx {

// nullopt: no duration, or one beyond 2^63 ns.
std::optional<int64_t> ParseDuration(std::string_view text);

// In the greatest unit that divides it: `9d`, `90m`, `0s`.
std::string FormatDuration(int64_t duration_ns);

// `168h0m0s`, `30m0s`, `0s`; whole seconds only, what is below is left out.
std::string FormatClockDuration(int64_t duration_ns);

}  // namespace fluxgate::influx
