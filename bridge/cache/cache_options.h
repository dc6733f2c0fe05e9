// What the cache can be told. Set once, before the cache is made.
//
// Units: ns; counts of series, bytes.
// Thread: immutable.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fluxgate {

// By which clock a sample grows old: when it came in, or what time it says itself (as
// influxdb_exporter does), but not later than by when it came in.
enum class ExpiryClock : uint8_t { kReceive, kSample };

struct CacheOptions {
  int64_t sample_expiry_ns = int64_t{300} * 1'000'000'000;
  ExpiryClock expiry_clock = ExpiryClock::kReceive;
  // A point older than this on arrival is historic: accepted, never shown. 0: none is.
  int64_t sample_age_max_ns = int64_t{3600} * 1'000'000'000;
  // Beyond a limit new series are dropped, known ones go on. 0: no limit.
  uint64_t series_max = 10'000'000;
  uint64_t series_per_database_max = 0;
  uint64_t series_per_measurement_max = 0;
  size_t databases_max = 1000;  // further ones share one count
  // How long what was written to a group is shown, if the write does not say.
  int64_t group_expiry_ns = int64_t{25} * 3600 * 1'000'000'000;
  size_t groups_max = 1000;
  unsigned shard_bits = 6;  // 2^bits shards; 1 to 16
};

}  // namespace fluxgate
