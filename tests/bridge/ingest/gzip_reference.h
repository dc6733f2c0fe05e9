// gzip by zlib, for tests: makes streams, and says what a stream holds.
//
// Thread: compatible (pure functions).
// Spec: RFC 1952.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fluxgate {

// What a member's header has beside its ten fixed bytes.
struct GzipHeaderParts {
  std::string extra{};
  std::string name{};
  std::string comment{};
  bool has_checksum = false;
};

// One member. `level` is zlib's, 0 to 9.
std::string ReferenceGzip(std::string_view text, const GzipHeaderParts& header = {}, int level = 6);

// The text of all members; zeros between and behind members are passed over. nullopt: broken or
// truncated.
std::optional<std::string> ReferenceGunzip(std::string_view stream);

}  // namespace fluxgate
