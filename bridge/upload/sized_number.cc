#include "bridge/upload/sized_number.h"

#include <absl/strings/ascii.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace fluxgate {
namespace {

constexpr std::string_view kPrefixes = "kmgtpe";

// What one unit of that name counts; 0 when it is none.
double UnitOf(std::string_view suffix) {
  if (suffix.empty() || suffix == "%" || suffix == "B") {
    return 1;
  }
  const size_t power = kPrefixes.find(absl::ascii_tolower(static_cast<unsigned char>(suffix[0])));
  if (power == std::string_view::npos) {
    return 0;
  }
  const std::string_view rest = suffix.substr(1);
  const auto exponent = static_cast<double>(power + 1);
  if (rest.empty() || rest == "i" || rest == "iB") {
    return std::pow(1024.0, exponent);
  }
  return rest == "B" ? std::pow(1000.0, exponent) : 0;
}

}  // namespace

std::optional<double> ParseSizedNumber(std::string_view text) {
  text.remove_prefix(text.starts_with('+') ? 1 : 0);
  double number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc() || !std::isfinite(number)) {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<size_t>(parsed.ptr - text.data()));
  const double unit = UnitOf(text);
  return unit > 0 && std::isfinite(number * unit) ? std::optional(number * unit) : std::nullopt;
}

}  // namespace fluxgate
