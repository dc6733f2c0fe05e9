#include "protocol/influx/precision.h"

#include <array>
#include <limits>

namespace fluxgate::influx {
namespace {

struct Spelling {
  std::string_view name;
  Precision precision;
};

constexpr std::array kSpellings = {
    Spelling{"", Precision::kUnspecified},
    Spelling{"auto", Precision::kUnspecified},
    Spelling{"n", Precision::kNanosecond},
    Spelling{"ns", Precision::kNanosecond},
    Spelling{"nanosecond", Precision::kNanosecond},
    Spelling{"u", Precision::kMicrosecond},
    Spelling{"us", Precision::kMicrosecond},
    Spelling{"\u00b5", Precision::kMicrosecond},
    Spelling{"\u03bc", Precision::kMicrosecond},
    Spelling{"microsecond", Precision::kMicrosecond},
    Spelling{"ms", Precision::kMillisecond},
    Spelling{"millisecond", Precision::kMillisecond},
    Spelling{"s", Precision::kSecond},
    Spelling{"second", Precision::kSecond},
    Spelling{"m", Precision::kMinute},
    Spelling{"h", Precision::kHour},
};

// In the order of Precision.
constexpr std::array<int64_t, 8> kNanoseconds = {
    1, 1, 1'000, 1'000'000, 1'000'000'000, 60'000'000'000, 3'600'000'000'000, 1'000,
};

constexpr int64_t kFirstPlausibleSecond = 315'532'800;   // 1980-01-01
constexpr int64_t kLastPlausibleSecond = 4'102'444'800;  // 2100-01-01

struct Detectable {
  Precision precision;
  int64_t units_per_second;
};

constexpr std::array kDetectable = {
    Detectable{Precision::kNanosecond, 1'000'000'000},
    Detectable{Precision::kMicrosecond, 1'000'000},
    Detectable{Precision::kMillisecond, 1'000},
    Detectable{Precision::kSecond, 1},
};

}  // namespace

std::optional<Precision> ParsePrecision(std::string_view name) {
  for (const Spelling& spelling : kSpellings) {
    if (spelling.name == name) {
      return spelling.precision;
    }
  }
  return std::nullopt;
}

int64_t NanosecondsPer(Precision precision) {
  return kNanoseconds[static_cast<size_t>(precision)];
}

Precision DetectPrecision(int64_t timestamp) {
  for (const auto& [precision, units_per_second] : kDetectable) {
    if (timestamp >= kFirstPlausibleSecond * units_per_second &&
        timestamp <= kLastPlausibleSecond * units_per_second) {
      return precision;
    }
  }
  return Precision::kNanosecond;
}

Precision MicrosecondOrNanosecond(int64_t timestamp) {
  return ToNanoseconds(timestamp, Precision::kMicrosecond) ? Precision::kMicrosecond
                                                           : Precision::kNanosecond;
}

int64_t TruncateTime(int64_t time_ns, Precision precision) {
  const int64_t unit = NanosecondsPer(precision);
  const int64_t remainder = time_ns % unit;
  const int64_t excess = remainder < 0 ? remainder + unit : remainder;
  // Less than a unit above the least int64 there is no whole unit to round down to.
  return time_ns < std::numeric_limits<int64_t>::min() + excess
             ? std::numeric_limits<int64_t>::min()
             : time_ns - excess;
}

std::optional<int64_t> ToNanoseconds(int64_t timestamp, Precision precision) {
  int64_t time_ns = 0;
  if (__builtin_mul_overflow(timestamp, NanosecondsPer(precision), &time_ns) ||
      time_ns > kTimeMax || time_ns < kTimeMin) {
    return std::nullopt;
  }
  return time_ns;
}

}  // namespace fluxgate::influx
