// The units in which writers send timestamps.
//
// Understands every spelling of InfluxDB 1.x, 2.x and 3.x: n ns u us µ (U+00B5 or U+03BC) ms s
// m h, nanosecond, microsecond, millisecond, second, and auto.
// Thread: compatible (pure functions).
// Spec: protocol rules A1.11 and A5 as described in ARCHITECTURE.md, "Time".
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace fluxgate::influx {

enum class Precision : uint8_t {
  kUnspecified,  // none given, or auto: detected, or nanoseconds in strict mode
  kNanosecond,
  kMicrosecond,
  kMillisecond,
  kSecond,
  kMinute,
  kHour,
  kMicrosecondOrNanosecond,  // of no spelling: nanoseconds where microseconds would overflow
};

// The precision that `name` spells; empty and "auto" mean kUnspecified; nullopt when it is no
// spelling of any.
std::optional<Precision> ParsePrecision(std::string_view name);

// Nanoseconds in one unit; 1 for kUnspecified.
int64_t NanosecondsPer(Precision precision);

// The unit in which `timestamp` lies between 1980-01-01 and 2100-01-01; kNanosecond where none
// does. The four windows (ns, us, ms, s) do not overlap.
Precision DetectPrecision(int64_t timestamp);

// `time_ns` rounded down to a whole unit (towards minus infinity).
int64_t TruncateTime(int64_t time_ns, Precision precision);

// The least and greatest time that InfluxDB 1.x takes, in ns.
inline constexpr int64_t kTimeMin = -9223372036854775806;
inline constexpr int64_t kTimeMax = 9223372036854775806;

// Which of the two kMicrosecondOrNanosecond is for `timestamp`.
Precision MicrosecondOrNanosecond(int64_t timestamp);

// `timestamp` units as nanoseconds; nullopt outside [kTimeMin, kTimeMax].
std::optional<int64_t> ToNanoseconds(int64_t timestamp, Precision precision);

}  // namespace fluxgate::influx
