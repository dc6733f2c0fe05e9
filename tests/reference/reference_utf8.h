// Decodes UTF-8 one code point at a time, by arithmetic instead of byte ranges. The oracle of
// protocol/prometheus/utf8.h.
//
// Thread: compatible (pure functions).
// Spec: RFC 3629 section 3.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fluxgate::reference {

// Takes one code point off `rest`; nothing, and `rest` as it was, when there is no valid sequence.
std::optional<uint32_t> TakeCodePoint(std::string_view* rest);

bool IsWellFormed(std::string_view bytes);

// Appends the encoding of any code point but a surrogate.
void AppendCodePoint(uint32_t code, std::string* out);

}  // namespace fluxgate::reference
