// Reads the time at the end of a line: an optional integer timestamp, and nothing behind it but
// spaces.
//
// Units: `precision` is the unit of the timestamp; the result is in nanoseconds since the epoch.
// Lifetime: the token of an error views `text`.
// Errors: a LineError whose `code`, `column` (1-based in `text`) and `token` are set.
// Thread: compatible (pure function).
// Spec: InfluxDB 1.x scanTime and SafeCalcTime. Difference: text behind a line feed (which can only
// get here where InfluxDB's two readings of quotes disagree) is an error, not passed over.
#pragma once

#include "protocol/influx/line_error.h"
#include "protocol/influx/precision.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace fluxgate::influx {

struct LineTime {
  int64_t time_ns = 0;              // only when is_given
  bool is_given = false;            // the line has a timestamp
  bool detected_precision = false;  // its unit was detected and was not nanoseconds
};

// Reads from `begin`, the end of the field set. `detect`: with Precision::kUnspecified the unit is
// detected (else nanoseconds).
std::optional<LineError> ParseLineTime(std::string_view text, size_t begin, Precision precision,
                                       bool detect, LineTime* time);

}  // namespace fluxgate::influx
