#include "bridge/cache/family_cursor.h"

namespace fluxgate {
namespace {

// Of every family that writers feed; influxdb_exporter's text.
constexpr std::string_view kHelp = "InfluxDB Metric";

// Rendered under one lock: some tens of microseconds.
constexpr size_t kBytesPerLock = size_t{16} << 10;

// Visited by one call: some milliseconds, if none of them has a sample.
constexpr size_t kRowsPerCall = size_t{64} << 10;

}  // namespace

FamilyCursor::FamilyCursor(SeriesCache* cache, prom::ExpositionFormat format, bool timestamps,
                           const Now& now)
    : cache_(cache),
      format_(format),
      timestamps_(timestamps),
      now_(now),
      epoch_(cache->scrape_epoch_.fetch_add(1) + 1) {}

bool FamilyCursor::NextFamily() {
  const std::string after = name_;
  if (!cache_->families_.Next(after, &name_, &columns_)) {
    return false;
  }
  column_ = 0;
  cursor_ = {columns_.front()};
  has_header_ = false;
  return true;
}

bool FamilyCursor::Append(size_t size_max, std::string* out) {
  const prom::FamilyEncoder encoder(format_, {name_, prom::MetricType::kUnknown, kHelp, {}});
  const RenderJob job{&encoder, now_, epoch_, timestamps_};
  size_t rows = 0;
  while (out->size() < size_max && rows < kRowsPerCall) {
    if (column_ == columns_.size()) {
      return false;
    }
    SeriesCache::LockedShard& locked = *cache_->shards_[cursor_.column.shard];
    bool is_done = false;
    {
      MutexLock lock(&locked.mutex);
      is_done = locked.shard.Render(job, std::min(size_max, out->size() + kBytesPerLock), &cursor_,
                                    &has_header_, out);
    }
    rows += cursor_.visits + 1;
    if (is_done && ++column_ < columns_.size()) {
      cursor_ = {columns_[column_]};
    }
  }
  return true;
}

}  // namespace fluxgate
