// Tells when memory of what was removed should be given back to the system: the allocator keeps it,
// scattered as it is, until it is told.
//
// Thread: compatible.
#pragma once

#include <cstdint>

namespace fluxgate {

class MemoryRelease {
 public:
  // Told now and then how many things are kept. True when much fewer are than there were, and no
  // more are going: then the rest is worth the locks that giving back takes.
  bool IsDue(uint64_t kept);

 private:
  uint64_t greatest_ = 0;  // since the last release
  uint64_t last_ = 0;
};

}  // namespace fluxgate
