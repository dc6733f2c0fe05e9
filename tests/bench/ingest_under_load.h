// The bridge from request bodies to its cache, without sockets, for programs that measure it.
//
// The clock stands still.
// Units: a body has 1,000 lines, if there are as many.
// Thread: compatible.
#pragma once

#include "bridge/base/clock.h"
#include "bridge/cache/series_cache.h"
#include "bridge/ingest/ingest.h"
#include "bridge/mapping/mapping.h"

#include "tests/bench/fleet.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate::bench {

inline constexpr Now kLoadNow{1'700'000'000'000'000'000, 1000};
inline constexpr uint32_t kLinesPerBody = 1000;

// The body of the hosts from `host_begin` to before `host_end`.
std::string BodyOf(const Fleet& fleet, uint32_t host_begin, uint32_t host_end);

// The bodies of hosts 0 to before `hosts`.
std::vector<std::string> BodiesOf(const Fleet& fleet, uint32_t hosts);

class IngestUnderLoad {
 public:
  IngestUnderLoad();

  // Returns how many samples were stored.
  uint64_t Write(std::string_view body);

  // Writes hosts 0 to before `hosts`, making one body at a time.
  void Fill(const Fleet& fleet, uint32_t hosts);

  SeriesCache* cache() { return &cache_; }

 private:
  SeriesCache cache_;
  const Mapping mapping_;
  Ingest ingest_;
};

}  // namespace fluxgate::bench
