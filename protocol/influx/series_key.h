// The part of a line that names its series: `measurement,tag=value,...` up to the first unescaped
// space.
//
// Lifetime: outputs view `key`.
// Errors: a LineError whose `code`, `column` (1-based, relative to the key's first byte), `size`
// and `token` are set.
// Bounds: one pass; tags are sorted in place, in O(n) when they arrive sorted, O(n log n) else.
// Thread: compatible (pure functions).
// Spec: InfluxDB 1.x scanKey.
#pragma once

#include "protocol/influx/line_error.h"
#include "protocol/influx/point.h"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace fluxgate::influx {

inline constexpr size_t kSeriesKeySizeMax = 65535;

// Offset of the first unescaped space of `line`, or line.size(). A byte behind a backslash is never
// a delimiter.
size_t FindSeriesKeyEnd(std::string_view line);

// Offset of the first unescaped comma of `key`, or key.size(); 0 when the measurement is missing.
size_t FindMeasurementEnd(std::string_view key);

// Splits and checks a whole key. `tags` is replaced by the tag set in sorted raw-key order.
// `line_continues`: a space follows the key in its line (without one InfluxDB reports missing
// fields).
std::optional<LineError> ParseSeriesKey(std::string_view key, bool line_continues,
                                        std::string_view* measurement, std::vector<Tag>* tags);

}  // namespace fluxgate::influx
