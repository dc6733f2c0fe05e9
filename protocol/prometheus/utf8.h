// UTF-8 as Go and Prometheus check it: no overlong forms, no surrogates, nothing above U+10FFFF.
//
// Thread: compatible (pure functions).
// Spec: RFC 3629; WHATWG encoding standard, windows-1252.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fluxgate::prom {

// Size of the valid sequence at the start of `bytes` (1 to 4), or 0 when there is none or `bytes`
// is empty.
size_t Utf8SequenceSize(std::string_view bytes);

bool IsUtf8(std::string_view bytes);

// Appends `bytes`, each byte that is not part of a valid sequence read as Windows-1252 (the five
// bytes it leaves undefined become the C1 controls of the same number). Returns how many bytes were
// read so.
size_t AppendAsUtf8(std::string_view bytes, std::string* out);

}  // namespace fluxgate::prom
