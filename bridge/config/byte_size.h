// Sizes in bytes as people write them: `1024`, `64KiB`, `32MB`.
//
// Units: B; kB MB GB TB are powers of 1,000, KiB MiB GiB TiB of 1,024, in any case.
// Errors: nullopt for anything else, and for what does not fit 63 bits.
// Thread: compatible (pure function).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace fluxgate {

std::optional<uint64_t> ParseByteSize(std::string_view text);

}  // namespace fluxgate
