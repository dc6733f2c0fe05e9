// Lets absl maps that are keyed by std::string be searched with std::string_view.
//
// Debian's absl::string_view is a type of its own, so absl's built-in transparent hash does not
// take std::string_view.
// Thread: compatible.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/hash/hash.h>

#include <functional>
#include <string>
#include <string_view>

namespace fluxgate {

struct StringHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return absl::HashOf(text); }
};

template <typename Value>
using StringMap = absl::flat_hash_map<std::string, Value, StringHash, std::equal_to<>>;

}  // namespace fluxgate
