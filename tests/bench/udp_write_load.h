// Sends the lines of a write load as datagrams, at a steady rate.
//
// The first datagram is the plan's number `first`.
// Bounds: by count and rate; what is late is sent at once, so the rate holds on average.
// Errors: datagrams that the system would not take are not sent again and count as sent.
// Thread: compatible.
#pragma once

#include "tests/bench/write_plan.h"

#include <cstdint>
#include <string>

namespace fluxgate::bench {

struct UdpTally {
  uint64_t datagrams = 0;
  double wall_s = 0;
  std::string error;
};

UdpTally SendDatagrams(const std::string& endpoint, const WritePlan& plan, uint64_t first,
                       uint64_t count, double datagrams_per_s);

}  // namespace fluxgate::bench
