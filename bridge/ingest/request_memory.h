// The memory that all requests together may hold beyond the buffers that each of them has.
//
// Units: bytes.
// Lifetime: HeldMemory uses the RequestMemory it was made with, and gives back what it holds when
// it ends.
// Bounds: what is refused is there until its owner frees it, which it does at once: one buffer's
// growth for each io thread.
// Thread: RequestMemory safe; HeldMemory compatible.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

namespace fluxgate {

inline constexpr std::string_view kNoMemoryMessage = "too many large requests at a time";

class RequestMemory {
 public:
  // 0: no limit.
  explicit RequestMemory(uint64_t size_max) : size_max_(size_max) {}

  uint64_t size() const { return size_.load(std::memory_order_relaxed); }
  uint64_t refused_count() const { return refused_.load(std::memory_order_relaxed); }

 private:
  friend class HeldMemory;

  bool Take(uint64_t size);
  void Return(uint64_t size) { size_.fetch_sub(size, std::memory_order_relaxed); }

  const uint64_t size_max_;
  std::atomic<uint64_t> size_{0};
  std::atomic<uint64_t> refused_{0};
};

// What one request holds.
class HeldMemory {
 public:
  explicit HeldMemory(RequestMemory* memory) : memory_(memory) {}
  ~HeldMemory() { memory_->Return(size_); }
  HeldMemory(const HeldMemory&) = delete;
  HeldMemory& operator=(const HeldMemory&) = delete;

  // It is `size` bytes now, all told. False: that is too much, and it counts as what it was.
  bool Hold(uint64_t size);

 private:
  RequestMemory* const memory_;
  uint64_t size_ = 0;
};

}  // namespace fluxgate
