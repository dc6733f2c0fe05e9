// The clock that intervals are measured with.
//
// Units: ns since some moment.
// Thread: safe.
#pragma once

#include <cstdint>
#include <ctime>

namespace fluxgate::bench {

inline constexpr int64_t kNanosecondsPerSecond = 1'000'000'000;

inline int64_t SteadyNs() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * kNanosecondsPerSecond + now.tv_nsec;
}

inline double SecondsSince(int64_t start_ns) {
  return static_cast<double>(SteadyNs() - start_ns) * 1e-9;
}

}  // namespace fluxgate::bench
