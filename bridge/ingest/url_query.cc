#include "bridge/ingest/url_query.h"

#include <algorithm>
#include <charconv>

namespace fluxgate {
namespace {

// The byte that the two digits behind a `%` stand for.
std::optional<char> ParseHexByte(std::string_view digits) {
  unsigned char byte = 0;
  const char* const end = digits.data() + digits.size();
  const auto result = std::from_chars(digits.data(), end, byte, 16);
  if (digits.size() != 2 || result.ec != std::errc() || result.ptr != end) {
    return std::nullopt;
  }
  return static_cast<char>(byte);
}

// `plus`: what a `+` stands for.
std::string Decode(std::string_view text, char plus) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const std::optional<char> escaped =
        text[i] == '%' ? ParseHexByte(text.substr(i + 1, 2)) : std::nullopt;
    if (escaped) {
      decoded.push_back(*escaped);
      i += 2;
    } else {
      decoded.push_back(text[i] == '+' ? plus : text[i]);
    }
  }
  return decoded;
}

// Takes what stands before the first `delimiter`, or all of `rest`, off `rest`, the delimiter with
// it.
std::string_view TakeUntil(char delimiter, std::string_view* rest) {
  const size_t end = std::min(rest->find(delimiter), rest->size());
  const std::string_view taken = rest->substr(0, end);
  rest->remove_prefix(std::min(end + 1, rest->size()));
  return taken;
}

}  // namespace

std::optional<std::string> FindUrlParameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    std::string_view value = TakeUntil('&', &query);
    const std::string_view key = TakeUntil('=', &value);
    if (Decode(key, ' ') == name) {
      return Decode(value, ' ');
    }
  }
  return std::nullopt;
}

std::string DecodePercent(std::string_view text) {
  return Decode(text, '+');
}

}  // namespace fluxgate
