// Counts series against their limits: in all, per database, per measurement.
//
// Lifetime: a MeasurementCount is valid from Acquire to the matching Release.
// Thread: safe; counting is lock-free.
#pragma once

#include "bridge/base/mutex.h"
#include "bridge/base/string_hash.h"
#include "bridge/cache/cache_options.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>

namespace fluxgate {

// The series of one measurement in all shards.
struct MeasurementCount {
  std::atomic<uint64_t> series{0};
  uint64_t tables = 0;  // how many shards use it; guarded by SeriesLimits
};

class SeriesLimits {
 public:
  explicit SeriesLimits(const CacheOptions& options);

  // Counts one more series, or returns why there may be none (cache_drop_reason).
  std::string_view Add(MeasurementCount* measurement, std::atomic<uint64_t>* database);
  void Remove(MeasurementCount* measurement, std::atomic<uint64_t>* database);

  MeasurementCount* Acquire(std::string_view table);
  void Release(std::string_view table);

  uint64_t series_count() const { return series_.load(std::memory_order_relaxed); }

 private:
  const uint64_t series_max_;
  const uint64_t database_max_;
  const uint64_t measurement_max_;
  std::atomic<uint64_t> series_{0};
  Mutex mutex_;
  StringMap<std::unique_ptr<MeasurementCount>> measurements_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fluxgate
