#include "protocol/http/multipart_head.h"

#include <absl/strings/match.h>

#include <algorithm>

namespace fluxgate::http {
namespace {

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  return absl::EqualsIgnoreCase({a.data(), a.size()}, {b.data(), b.size()});
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  const size_t end = text.find_last_not_of(kBlanks) + 1;
  return begin < end ? text.substr(begin, end - begin) : std::string_view();
}

// Takes a value off `rest`: a quoted one, or everything up to the next `;`.
std::string TakeValue(std::string_view* rest) {
  std::string value;
  if (!rest->starts_with('"')) {
    const size_t end = std::min(rest->find(';'), rest->size());
    value = Trim(rest->substr(0, end));
    rest->remove_prefix(end);
    return value;
  }
  size_t i = 1;
  for (; i < rest->size() && (*rest)[i] != '"'; ++i) {
    // Only what must be escaped is: file names of old browsers hold lone backslashes.
    const bool escapes = (*rest)[i] == '\\' && i + 1 < rest->size() &&
                         ((*rest)[i + 1] == '"' || (*rest)[i + 1] == '\\');
    i += escapes ? 1 : 0;
    value.push_back((*rest)[i]);
  }
  rest->remove_prefix(std::min(i + 1, rest->size()));
  return value;
}

// The parameter `name` of a header value `token; name=value; ...`.
std::optional<std::string> FindParameter(std::string_view header, std::string_view name) {
  size_t semicolon = header.find(';');
  while (semicolon != std::string_view::npos) {
    std::string_view rest = header.substr(semicolon + 1);
    const size_t equals = rest.find_first_of("=;");
    if (equals == std::string_view::npos) {
      return std::nullopt;
    }
    const std::string_view key = Trim(rest.substr(0, equals));
    if (rest[equals] == ';') {
      header = rest.substr(equals);
      semicolon = 0;
      continue;
    }
    rest.remove_prefix(equals + 1);
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
    std::string value = TakeValue(&rest);
    if (EqualsIgnoreCase(key, name)) {
      return value;
    }
    header = rest;
    semicolon = header.find(';');
  }
  return std::nullopt;
}

}  // namespace

bool IsMultipart(std::string_view content_type) {
  constexpr std::string_view kPrefix = "multipart/";
  return EqualsIgnoreCase(Trim(content_type).substr(0, kPrefix.size()), kPrefix);
}

std::optional<std::string> ParseMultipartBoundary(std::string_view content_type) {
  if (!IsMultipart(content_type)) {
    return std::nullopt;
  }
  std::optional<std::string> boundary = FindParameter(content_type, "boundary");
  const bool is_usable = boundary && !boundary->empty() && boundary->size() <= kBoundarySizeMax &&
                         boundary->find_first_of("\r\n") == std::string::npos;
  return is_usable ? boundary : std::nullopt;
}

PartHead ParsePartHead(std::string_view lines) {
  PartHead head;
  while (!lines.empty()) {
    const size_t end = std::min(lines.find('\n'), lines.size());
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
    const size_t colon = line.find(':');
    if (colon != std::string_view::npos &&
        EqualsIgnoreCase(Trim(line.substr(0, colon)), "content-disposition")) {
      const std::string_view value = Trim(line.substr(colon + 1));
      head.name = FindParameter(value, "name").value_or("");
      head.filename = FindParameter(value, "filename").value_or("");
    }
  }
  return head;
}

}  // namespace fluxgate::http
