// The requests of one connection of a write load, built before the clock starts.
//
// Each connection owns a range of hosts and sends them in turn, round after round, so that what was
// sent last of a host is known whatever the other connections do. All lines bear one time: a tie
// goes to the later arrival, so the requests can be sent again and again.
// Bounds: as many lines as hosts * rounds, rounded up to whole requests.
// Thread: compatible.
#pragma once

#include "tests/bench/fleet.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace fluxgate::bench {

struct WriteLoad {
  uint32_t hosts = 1000;
  uint32_t rounds = 4;
  uint32_t lines_per_request = 1000;
  LineKind kind = LineKind::kTsbsIntegers;
  int64_t time_ns = 0;
  bool gzip = false;
  std::string path = "/write?db=bench";  // empty: bodies without an HTTP head
};

class WritePlan {
 public:
  // Owns the hosts from `host_begin` to before `host_end`; at least one.
  WritePlan(const WriteLoad& load, uint32_t host_begin, uint32_t host_end);

  // What to send as the `number`th request, counted from 0.
  const std::string& Request(uint64_t number) const { return requests_[number % requests_.size()]; }

  // The samples in it.
  uint64_t SampleCount(uint64_t number) const { return samples_[number % samples_.size()]; }

  // Requests that it takes to send each host once.
  uint64_t requests_per_round() const;

  // Sets last_rounds[host] of the own hosts, `sent` requests having been sent: at least one round.
  void NoteLastRounds(uint64_t sent, std::vector<uint32_t>* last_rounds) const;

 private:
  uint32_t host_count() const { return host_end_ - host_begin_; }

  uint32_t host_begin_;
  uint32_t host_end_;
  uint32_t lines_per_request_;
  std::vector<std::string> requests_;
  std::vector<uint64_t> samples_;  // of each request
};

}  // namespace fluxgate::bench
