// Reads times in the layouts of Go's time package, such as `2006-01-02 15:04:05 MST`.
//
// Units: ns since the epoch. A fraction may follow the seconds whether the layout has one or not.
// Errors: nullopt for a text that does not fit the layout, is no date, or lies outside the times
// that InfluxDB takes. The name of a weekday is read and not compared with the date.
// Thread: compatible (pure functions).
// Spec: Go time.Parse; RFC 3339.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace fluxgate::influx {

inline constexpr std::string_view kRfc3339Layout = "2006-01-02T15:04:05Z07:00";

// `offset_seconds` is the zone, in seconds east of UTC, of a time that names none.
std::optional<int64_t> ParseTimeLayout(std::string_view text, std::string_view layout,
                                       int32_t offset_seconds);

}  // namespace fluxgate::influx
