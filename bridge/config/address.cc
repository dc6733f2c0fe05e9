#include "bridge/config/address.h"

#include <charconv>
#include <string>

namespace fluxgate {
namespace {

// The host of `[host]` or `host`; nullopt when the brackets do not fit.
std::optional<std::string_view> ParseHost(std::string_view text) {
  if (text.starts_with('[')) {
    if (!text.ends_with(']') || text.size() == 2) {
      return std::nullopt;
    }
    text = text.substr(1, text.size() - 2);
  } else if (text.find(':') != std::string_view::npos) {
    return std::nullopt;
  }
  if (text.find_first_of("[] \t") != std::string_view::npos) {
    return std::nullopt;
  }
  return text;
}

}  // namespace

std::optional<ListenAddress> ParseAddress(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return std::nullopt;
  }
  const auto host = ParseHost(text.substr(0, colon));
  const std::string_view port_text = text.substr(colon + 1);
  const char* const end = port_text.data() + port_text.size();
  uint16_t port = 0;
  const auto parsed = std::from_chars(port_text.data(), end, port);
  if (!host || parsed.ec != std::errc() || parsed.ptr != end) {
    return std::nullopt;
  }
  return ListenAddress{std::string(*host), port};
}

}  // namespace fluxgate
