#include "bridge/ingest/content_coding.h"

#include <absl/strings/match.h>

#include <algorithm>

namespace fluxgate {
namespace {

struct CodingName {
  std::string_view name;
  ContentCoding coding;
};

// The first name of each coding is the one that replies use.
constexpr CodingName kCodingNames[] = {
    {"identity", ContentCoding::kIdentity},
    {"", ContentCoding::kIdentity},
    {"gzip", ContentCoding::kGzip},
    {"x-gzip", ContentCoding::kGzip},
    {"deflate", ContentCoding::kDeflate},
    {"zlib", ContentCoding::kDeflate},
    {"zstd", ContentCoding::kZstd},
    {"snappy", ContentCoding::kSnappy},
    {"x-snappy-framed", ContentCoding::kSnappy},
};

std::string_view TrimBlanks(std::string_view text) {
  const size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

bool EqualIgnoreCase(std::string_view a, std::string_view b) {
  return absl::EqualsIgnoreCase({a.data(), a.size()}, {b.data(), b.size()});
}

}  // namespace

bool ContentCodings::Add(ContentCoding coding) {
  if (coding == ContentCoding::kIdentity) {
    return true;
  }
  if (std::ranges::find(applied(), coding) != applied().end()) {
    return false;
  }
  codings_[size_++] = coding;
  return true;
}

std::string ContentCodings::Text() const {
  std::string text;
  for (const ContentCoding coding : applied()) {
    const auto* known = std::ranges::find(kCodingNames, coding, &CodingName::coding);
    text.append(text.empty() ? "" : ", ").append(known->name);
  }
  return text;
}

std::optional<ContentCodings> ParseContentEncoding(std::string_view header) {
  ContentCodings codings;
  size_t begin = 0;
  while (begin <= header.size()) {
    const size_t end = std::min(header.find(',', begin), header.size());
    const std::string_view name = TrimBlanks(header.substr(begin, end - begin));
    const auto* known = std::ranges::find_if(
        kCodingNames, [&](const CodingName& each) { return EqualIgnoreCase(each.name, name); });
    if (known == std::end(kCodingNames) || !codings.Add(known->coding)) {
      return std::nullopt;
    }
    begin = end + 1;
  }
  return codings;
}

}  // namespace fluxgate
