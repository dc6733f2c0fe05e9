// The two clocks of the bridge.
//
// Units: wall time in ns since the epoch (can step); ticks are 2^-4 s (62.5 ms) of CLOCK_BOOTTIME,
// which never steps and counts on while the machine sleeps; 32 bits of them last eight years.
// Thread: safe.
#pragma once

#include <cstdint>
#include <ctime>

namespace fluxgate {

using Tick = uint32_t;
inline constexpr int64_t kTicksPerSecond = 16;
inline constexpr int64_t kNanosecondsPerTick = 1'000'000'000 / kTicksPerSecond;

// One reading of both clocks; what every stage takes as `now`.
struct Now {
  int64_t wall_ns = 0;
  Tick tick = 0;
};

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Now Read() const = 0;
};

class SystemClock final : public Clock {
 public:
  Now Read() const override {
    timespec wall{};
    timespec boot{};
    clock_gettime(CLOCK_REALTIME, &wall);
    clock_gettime(CLOCK_BOOTTIME, &boot);
    const int64_t boot_ns = int64_t{boot.tv_sec} * 1'000'000'000 + boot.tv_nsec;
    return {int64_t{wall.tv_sec} * 1'000'000'000 + wall.tv_nsec,
            static_cast<Tick>(boot_ns / kNanosecondsPerTick)};
  }
};

// For tests: stands still until it is moved.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(int64_t wall_ns = 1'700'000'000'000'000'000, Tick tick = 1000)
      : wall_ns_(wall_ns), boot_ns_(int64_t{tick} * kNanosecondsPerTick) {}
  Now Read() const override {
    return {wall_ns_, static_cast<Tick>(boot_ns_ / kNanosecondsPerTick)};
  }
  void Advance(int64_t ns) {
    wall_ns_ += ns;
    boot_ns_ += ns;
  }
  void StepWall(int64_t ns) { wall_ns_ += ns; }

 private:
  int64_t wall_ns_;
  int64_t boot_ns_;
};

}  // namespace fluxgate
