// Numbers that look random and follow from a seed.
//
// Thread: compatible (pure function).
// Spec: one step of splitmix64 from any starting point.
#pragma once

#include <cstdint>

namespace fluxgate::bench {

inline uint64_t Mix(uint64_t seed) {
  seed += 0x9e3779b97f4a7c15;
  seed = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9;
  seed = (seed ^ (seed >> 27)) * 0x94d049bb133111eb;
  return seed ^ (seed >> 31);
}

}  // namespace fluxgate::bench
