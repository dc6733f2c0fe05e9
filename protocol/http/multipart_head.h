// The header lines of a multipart body and of its parts: boundary, names, types.
//
// Encodings: any bytes; a quoted value may hold `\"` and `\\`; other escapes (`%22`) stay as sent.
// Errors: nullopt, or an empty member, for what is not there or cannot be read.
// Thread: compatible (pure functions).
// Spec: RFC 7578, RFC 2046 5.1, RFC 2183; browsers' and curl's ways of quoting.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fluxgate::http {

// Whether a Content-Type says `multipart/...`.
bool IsMultipart(std::string_view content_type);

// The boundary of a `multipart/...` Content-Type; nullopt when it is of another type, or has no
// boundary of 1 to kBoundarySizeMax bytes.
inline constexpr size_t kBoundarySizeMax = 200;
std::optional<std::string> ParseMultipartBoundary(std::string_view content_type);

struct PartHead {
  std::string name;      // of the form field; empty when none was given
  std::string filename;  // empty when none was given
};

// Reads the header lines of a part, which end in CR LF or LF each.
PartHead ParsePartHead(std::string_view lines);

}  // namespace fluxgate::http
