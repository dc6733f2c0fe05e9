// What a process has used so far, by /proc.
//
// Units: seconds of CPU time, user and system, to the clock tick (10 ms); bytes of memory.
// Thread: safe.
// Spec: proc(5), stat and status.
#pragma once

#include <cstdint>
#include <optional>
#include <sys/types.h>

namespace fluxgate::bench {

struct ProcessUsage {
  double cpu_s = 0;
  uint64_t resident = 0;
  uint64_t resident_peak = 0;
};

// nullopt when there is no such process.
std::optional<ProcessUsage> ReadProcessUsage(pid_t pid);

}  // namespace fluxgate::bench
