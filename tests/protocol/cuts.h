// Where tests cut their input, to feed it in pieces.
//
// Thread: compatible (pure functions).
#pragma once

#include <cstddef>
#include <vector>

namespace fluxgate {

// Behind every byte but the last.
inline std::vector<size_t> EveryByte(size_t size) {
  std::vector<size_t> cuts;
  for (size_t i = 1; i < size; ++i) {
    cuts.push_back(i);
  }
  return cuts;
}

}  // namespace fluxgate
