#include "bridge/ingest/request_memory.h"

namespace fluxgate {

bool RequestMemory::Take(uint64_t size) {
  const uint64_t before = size_.fetch_add(size, std::memory_order_relaxed);
  if (size_max_ == 0 || before + size <= size_max_) {
    return true;
  }
  Return(size);
  refused_.fetch_add(1, std::memory_order_relaxed);
  return false;
}

bool HeldMemory::Hold(uint64_t size) {
  if (size > size_ && !memory_->Take(size - size_)) {
    return false;
  }
  if (size < size_) {
    memory_->Return(size_ - size);
  }
  size_ = size;
  return true;
}

}  // namespace fluxgate
