// Reads the query part of a URL, and form bodies, which are written alike: `a=1&b=x%20y+z`.
//
// Encodings: `%XX` is a byte, `+` a space but for paths; a broken escape stands for itself. Results
// are any bytes. Errors: none; every input has a meaning. Boost.URL is not used because it refuses
// a query with a broken escape. Thread: compatible (pure functions). Spec: WHATWG URL,
// application/x-www-form-urlencoded.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fluxgate {

// The value of the first parameter of that name; nullopt when there is none. `a` and `a=` both have
// an empty value.
std::optional<std::string> FindUrlParameter(std::string_view query, std::string_view name);

// A part of a URL's path, where `+` stands for itself.
std::string DecodePercent(std::string_view text);

}  // namespace fluxgate
