#include "bridge/config/byte_size.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string>
#include <utility>

namespace fluxgate {
namespace {

constexpr std::array<std::pair<std::string_view, uint64_t>, 10> kUnits = {{
    {"", 1},
    {"b", 1},
    {"kb", 1'000},
    {"mb", 1'000'000},
    {"gb", 1'000'000'000},
    {"tb", 1'000'000'000'000},
    {"kib", uint64_t{1} << 10},
    {"mib", uint64_t{1} << 20},
    {"gib", uint64_t{1} << 30},
    {"tib", uint64_t{1} << 40},
}};

char ToLower(char byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
}

}  // namespace

std::optional<uint64_t> ParseByteSize(std::string_view text) {
  uint64_t count = 0;
  const auto number = std::from_chars(text.data(), text.data() + text.size(), count);
  if (number.ec != std::errc()) {
    return std::nullopt;
  }
  std::string unit_name(text.substr(static_cast<size_t>(number.ptr - text.data())));
  std::ranges::transform(unit_name, unit_name.begin(), ToLower);
  const auto* unit = std::ranges::find(kUnits, unit_name, &decltype(kUnits)::value_type::first);
  uint64_t size = 0;
  if (unit == kUnits.end() || __builtin_mul_overflow(count, unit->second, &size) ||
      size > uint64_t{std::numeric_limits<int64_t>::max()}) {
    return std::nullopt;
  }
  return size;
}

}  // namespace fluxgate
