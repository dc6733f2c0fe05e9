#include "protocol/influx/influxql_duration.h"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace fluxgate::influx {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

struct DurationUnit {
  std::string_view name;
  int64_t ns;
};

// Greatest first; where a name begins another one, the longer comes first.
constexpr DurationUnit kUnits[] = {
    {"w", 7 * 24 * 3600 * kSecond},
    {"d", 24 * 3600 * kSecond},
    {"h", 3600 * kSecond},
    {"ms", kSecond / 1000},
    {"m", 60 * kSecond},
    {"s", kSecond},
    {"\xC2\xB5", 1000},
    {"u", 1000},
    {"ns", 1},
};

std::string Joined(int64_t number, std::string_view unit) {
  return std::to_string(number) + std::string(unit);
}

}  // namespace

std::optional<int64_t> ParseDuration(std::string_view text) {
  int64_t sum = 0;
  do {
    int64_t number = 0;
    const auto digits = std::from_chars(text.data(), text.data() + text.size(), number);
    if (digits.ec != std::errc() || number < 0) {
      return std::nullopt;
    }
    text.remove_prefix(static_cast<size_t>(digits.ptr - text.data()));
    const auto* const unit = std::ranges::find_if(
        kUnits, [&](const DurationUnit& known) { return text.starts_with(known.name); });
    int64_t product = 0;
    if (unit == std::end(kUnits) || __builtin_mul_overflow(number, unit->ns, &product) ||
        __builtin_add_overflow(sum, product, &sum)) {
      return std::nullopt;
    }
    text.remove_prefix(unit->name.size());
  } while (!text.empty());
  return sum;
}

std::string FormatDuration(int64_t duration_ns) {
  if (duration_ns == 0) {
    return "0s";
  }
  const DurationUnit* greatest = nullptr;
  for (const DurationUnit& unit : kUnits) {
    if (duration_ns % unit.ns == 0 && (greatest == nullptr || unit.ns > greatest->ns)) {
      greatest = &unit;
    }
  }
  const std::string_view name = greatest->ns == 1000 ? "u" : greatest->name;
  return Joined(duration_ns / greatest->ns, name);
}

std::string FormatClockDuration(int64_t duration_ns) {
  const int64_t seconds = duration_ns / kSecond;
  std::string text;
  if (seconds >= 3600) {
    text += Joined(seconds / 3600, "h");
  }
  if (seconds >= 60) {
    text += Joined(seconds / 60 % 60, "m");
  }
  return text + Joined(seconds % 60, "s");
}

}  // namespace fluxgate::influx
