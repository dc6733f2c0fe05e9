// Time zones as dates in text name them: an abbreviation or an offset.
//
// The C library reads abbreviations and ignores them; these are the usual ones. Of those that
// several places use (IST, CST, BST, AST) the one with the most people who write such dates in
// English was taken; a configuration can say otherwise.
// Units: seconds east of UTC.
// Errors: nullopt for what is no zone.
// Thread: compatible (pure functions).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace fluxgate::influx {

// `EDT`, `utc`, `+0200`, `-05:30`, `+02`, `UTC+2`, `Z`.
std::optional<int32_t> ParseZoneOffset(std::string_view text);

}  // namespace fluxgate::influx
