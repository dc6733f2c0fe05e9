#include "bridge/runtime/memory_release.h"

#include <algorithm>
#include <utility>

namespace fluxgate {
namespace {

// Fewer are a matter of some megabytes.
constexpr uint64_t kWorthwhile = 10'000;

}  // namespace

bool MemoryRelease::IsDue(uint64_t kept) {
  const bool is_falling = kept < std::exchange(last_, kept);
  greatest_ = std::max(greatest_, kept);
  if (is_falling || greatest_ - kept < std::max(kWorthwhile, greatest_ / 4)) {
    return false;
  }
  greatest_ = kept;
  return true;
}

}  // namespace fluxgate
