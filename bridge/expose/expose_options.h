// What scrapes can be told. Set once, before the first.
//
// Units: bytes.
// Thread: immutable.
#pragma once

#include <cstddef>

namespace fluxgate {

struct ExposeOptions {
  bool timestamps = false;               // --timestamps
  size_t chunk_size = size_t{64} << 10;  // bytes, before compression
};

}  // namespace fluxgate
