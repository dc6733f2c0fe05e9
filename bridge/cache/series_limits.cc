#include "bridge/cache/series_limits.h"

#include "bridge/base/check.h"
#include "bridge/cache/series_mapper.h"

namespace fluxgate {
namespace {

uint64_t OrUnlimited(uint64_t limit) {
  return limit == 0 ? UINT64_MAX : limit;
}

// Adds one unless that exceeds `limit`.
bool TryIncrement(std::atomic<uint64_t>* count, uint64_t limit) {
  if (count->fetch_add(1, std::memory_order_relaxed) < limit) {
    return true;
  }
  count->fetch_sub(1, std::memory_order_relaxed);
  return false;
}

}  // namespace

SeriesLimits::SeriesLimits(const CacheOptions& options)
    : series_max_(OrUnlimited(options.series_max)),
      database_max_(OrUnlimited(options.series_per_database_max)),
      measurement_max_(OrUnlimited(options.series_per_measurement_max)) {}

std::string_view SeriesLimits::Add(MeasurementCount* measurement, std::atomic<uint64_t>* database) {
  if (!TryIncrement(&series_, series_max_)) {
    return cache_drop_reason::kSeriesLimit;
  }
  if (!TryIncrement(database, database_max_)) {
    series_.fetch_sub(1, std::memory_order_relaxed);
    return cache_drop_reason::kDatabaseSeriesLimit;
  }
  if (!TryIncrement(&measurement->series, measurement_max_)) {
    series_.fetch_sub(1, std::memory_order_relaxed);
    database->fetch_sub(1, std::memory_order_relaxed);
    return cache_drop_reason::kMeasurementSeriesLimit;
  }
  return {};
}

void SeriesLimits::Remove(MeasurementCount* measurement, std::atomic<uint64_t>* database) {
  series_.fetch_sub(1, std::memory_order_relaxed);
  database->fetch_sub(1, std::memory_order_relaxed);
  measurement->series.fetch_sub(1, std::memory_order_relaxed);
}

MeasurementCount* SeriesLimits::Acquire(std::string_view table) {
  MutexLock lock(&mutex_);
  auto found = measurements_.find(table);
  if (found == measurements_.end()) {
    found = measurements_.emplace(table, std::make_unique<MeasurementCount>()).first;
  }
  ++found->second->tables;
  return found->second.get();
}

void SeriesLimits::Release(std::string_view table) {
  MutexLock lock(&mutex_);
  const auto found = measurements_.find(table);
  CHECK(found != measurements_.end());
  if (--found->second->tables == 0) {
    measurements_.erase(found);
  }
}

}  // namespace fluxgate
