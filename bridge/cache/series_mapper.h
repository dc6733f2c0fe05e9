// What passes between the cache and the one who writes to it.
//
// Lifetime: all views are the caller's and need to live for one SeriesCache::Write only.
// Thread: compatible.
#pragma once

#include "bridge/cache/database_registry.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace fluxgate {

// One field of a point.
struct CacheField {
  std::string_view key;  // raw: it only serves to find the column again
  double value = 0;
  bool is_sample = true;  // false: a string, which is no sample
};

struct CachePoint {
  std::string_view series_key;  // raw: it only serves to find the row again
  uint32_t field_begin = 0;     // in PointSlice::fields
  uint32_t field_count = 0;
  int64_t time_ns = 0;
  bool is_continuation = false;  // further fields of the point before it
};

// Some points of one batch, in order.
struct PointSlice {
  std::span<const CachePoint> points;
  std::span<const CacheField> fields;

  std::span<const CacheField> FieldsOf(const CachePoint& point) const {
    return fields.subspan(point.field_begin, point.field_count);
  }
};

// Where a series goes. Views last until the mapper's next MapSeries.
struct MappedSeries {
  std::string_view table;
  std::string_view labels;  // rendered
  uint32_t scope = 0;       // fields of one scope and table map alike
};

struct WriteCounts {
  uint64_t samples = 0;          // stored as current values
  uint64_t historic_points = 0;  // good, but too old to be shown
};

// Asked about what the cache has not seen, told of what it does not take.
class SeriesMapper {
 public:
  virtual ~SeriesMapper() = default;

  // Maps the series key of `point`. False: the point is rejected as a whole, and the mapper has
  // noted why.
  virtual bool MapSeries(const CachePoint& point, MappedSeries* series) = 0;

  // The family that the field feeds, valid until the next call; empty: the sample is dropped, and
  // the mapper has noted why. Called with a shard locked.
  virtual std::string_view MapField(const CachePoint& point, std::string_view table, uint32_t scope,
                                    const CacheField& field) = 0;

  // A field that is no sample. Called with a shard locked.
  virtual void DropString(const CachePoint& point, const CacheField& field) = 0;

  // A sample the cache does not take; `reason` is one of cache_drop_reason. Called with a shard
  // locked.
  virtual void Drop(const CachePoint& point, const CacheField& field, std::string_view reason) = 0;
};

// Label values of fluxgate_samples_dropped_total. Static storage.
namespace cache_drop_reason {
inline constexpr std::string_view kOlderThanCurrent = "older_than_current";
inline constexpr std::string_view kSeriesLimit = "series_limit";
inline constexpr std::string_view kDatabaseSeriesLimit = "database_series_limit";
inline constexpr std::string_view kMeasurementSeriesLimit = "measurement_series_limit";
}  // namespace cache_drop_reason

}  // namespace fluxgate
