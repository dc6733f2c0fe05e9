// Asks for memory before it is needed, so that several cache misses overlap.
//
// Thread: immutable.
#pragma once

#include <algorithm>
#include <cstddef>

namespace fluxgate {

// Beyond this the processor fetches ahead by itself.
inline constexpr size_t kPrefetchSizeMax = 512;

// `begin` need not be readable.
inline void Prefetch(const void* begin, size_t size) {
  constexpr size_t kCacheLine = 64;
  const char* const bytes = static_cast<const char*>(begin);
  for (size_t offset = 0; offset < std::min(size, kPrefetchSizeMax); offset += kCacheLine) {
    __builtin_prefetch(bytes + offset);
  }
}

}  // namespace fluxgate
