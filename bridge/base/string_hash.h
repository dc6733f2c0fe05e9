// Hashes of text that clients choose, and absl maps that are keyed by such text.
//
// Debian's absl::string_view is a type of its own: absl's transparent hash does not take
// std::string_view, and absl::Hash of one falls back to std::hash, which has no seed, so that
// clients could craft keys that collide.
// Thread: compatible.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/hash/hash.h>
#include <absl/strings/string_view.h>

#include <functional>
#include <string>
#include <string_view>

namespace fluxgate {

// `text` as absl hashes text: with a seed of this process.
inline absl::string_view Seeded(std::string_view text) {
  return {text.data(), text.size()};
}

struct StringHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return absl::HashOf(Seeded(text)); }
};

template <typename Value>
using StringMap = absl::flat_hash_map<std::string, Value, StringHash, std::equal_to<>>;

// Keyed by text that somebody else owns.
template <typename Value>
using StringViewMap = absl::flat_hash_map<std::string_view, Value, StringHash, std::equal_to<>>;

}  // namespace fluxgate
