// Numbers as reports print them: `1863756`, `0.16`, `27G`, `86%`.
//
// Units: K M G T P E, with or without `i` or `iB`, are powers of 1,024, as `df -h` and `free -h`
// print them; kB MB GB TB are powers of 1,000; `%` and `B` are left out.
// Errors: nullopt for anything else.
// Thread: compatible (pure function).
#pragma once

#include <optional>
#include <string_view>

namespace fluxgate {

std::optional<double> ParseSizedNumber(std::string_view text);

}  // namespace fluxgate
