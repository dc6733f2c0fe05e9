#include "protocol/prometheus/duration.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace fluxgate::prom {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kDay = 24 * 3600 * kSecond;

constexpr std::array<std::pair<std::string_view, int64_t>, 11> kUnits = {{
    {"ns", 1},
    {"us", 1'000},
    {"\xC2\xB5s", 1'000},  // U+00B5
    {"\xCE\xBCs", 1'000},  // U+03BC
    {"ms", 1'000'000},
    {"s", kSecond},
    {"m", 60 * kSecond},
    {"h", 3600 * kSecond},
    {"d", kDay},
    {"w", 7 * kDay},
    {"y", 365 * kDay},
}};

bool IsDigit(char byte) {
  return byte >= '0' && byte <= '9';
}

// Takes what is before the first byte that is one of those, or is not.
template <typename Predicate>
std::string_view TakeWhile(std::string_view* rest, Predicate predicate) {
  const auto* end = std::find_if_not(rest->begin(), rest->end(), predicate);
  const std::string_view taken = rest->substr(0, static_cast<size_t>(end - rest->begin()));
  rest->remove_prefix(taken.size());
  return taken;
}

// Takes a number with a unit, such as 1.5h, and adds it to `total`.
bool TakePart(std::string_view* rest, int64_t* total) {
  const std::string_view whole = TakeWhile(rest, IsDigit);
  std::string_view fraction;
  if (rest->starts_with('.')) {
    rest->remove_prefix(1);
    fraction = TakeWhile(rest, IsDigit);
  }
  const std::string_view unit_name =
      TakeWhile(rest, [](char byte) { return !IsDigit(byte) && byte != '.'; });
  const auto* unit = std::ranges::find(kUnits, unit_name, &decltype(kUnits)::value_type::first);
  if (unit == kUnits.end() || (whole.empty() && fraction.empty())) {
    return false;
  }
  int64_t count = 0;
  if (!whole.empty() &&
      std::from_chars(whole.data(), whole.data() + whole.size(), count).ec != std::errc()) {
    return false;
  }
  double part = 0;
  double weight = 0.1;
  for (const char digit : fraction) {
    part += weight * (digit - '0');
    weight /= 10;
  }
  int64_t length = 0;
  const auto part_ns = std::llround(part * static_cast<double>(unit->second));
  return !__builtin_mul_overflow(count, unit->second, &length) &&
         !__builtin_add_overflow(length, part_ns, &length) &&
         !__builtin_add_overflow(*total, length, total);
}

}  // namespace

std::optional<int64_t> ParseDuration(std::string_view text) {
  if (text == "0") {
    return 0;
  }
  if (text.empty()) {
    return std::nullopt;
  }
  int64_t total = 0;
  while (!text.empty()) {
    if (!TakePart(&text, &total)) {
      return std::nullopt;
    }
  }
  return total;
}

}  // namespace fluxgate::prom
