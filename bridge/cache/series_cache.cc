#include "bridge/cache/series_cache.h"

#include <algorithm>

namespace fluxgate {
namespace {

// Where the number of series is not limited.
constexpr uint64_t kRoutesMax = 10'000'000;

constexpr size_t kSweepRowsPerLock = 256;
// Rows that every write sweeps in each shard it visits, so that expiry does not depend on the timer alone.
constexpr size_t kSweepRowsPerWrite = 2;

}  // namespace

SeriesCache::SeriesCache(const CacheOptions& options)
    : options_(options),
      databases_(options.databases_max),
      limits_(options),
      routes_(options.shard_bits, options.series_max == 0 ? kRoutesMax : options.series_max, Freshness(options).expiry_ticks()),
      context_{Freshness(options), &databases_, &limits_, &families_, &row_count_, &scrape_epoch_} {
  const uint32_t count = uint32_t{1} << options.shard_bits;
  for (uint32_t number = 0; number < count; ++number) {
    shards_.push_back(std::make_unique<LockedShard>(number, context_));
  }
}

WriteCounts SeriesCache::Write(const PointSlice& slice, const WriteOrigin& origin, const Now& now,
                               SeriesMapper* mapper, WriteScratch* scratch) {
  WriteCounts counts;
  const WriteJob job{&slice, origin, now, mapper, &counts};
  scratch->keys.clear();
  for (const CachePoint& point : slice.points) {
    scratch->keys.push_back(RouteKey::Make(point.series_key, origin.context));
  }
  routes_.Find(scratch->keys, now.tick, &scratch->order, &scratch->rows);
  scratch->unknown.clear();
  for (uint32_t i = 0; i < scratch->rows.size(); ++i) {
    if (scratch->rows[i].version == 0) {
      scratch->unknown.push_back(i);
    }
  }
  WriteKnown(job, scratch);
  if (!scratch->stale.empty()) {
    scratch->unknown.insert(scratch->unknown.end(), scratch->stale.begin(), scratch->stale.end());
    std::sort(scratch->unknown.begin(), scratch->unknown.end());
  }
  if (!scratch->unknown.empty()) {
    WriteUnknown(job, scratch->unknown, scratch);
  }
  return counts;
}

void SeriesCache::WriteKnown(const WriteJob& job, WriteScratch* scratch) {
  const std::span<const CachePoint> points = job.slice->points;
  scratch->stale.clear();
  scratch->order.Assign(points.size(), shards_.size(), [&](size_t i) {
    return scratch->rows[i].version == 0 ? ShardOrder::kNone : scratch->rows[i].shard;
  });
  for (size_t s = 0; s < shards_.size(); ++s) {
    const std::span<const uint32_t> positions = scratch->order.In(s);
    if (positions.empty()) {
      continue;
    }
    LockedShard& locked = *shards_[s];
    MutexLock lock(&locked.mutex);
    for (const uint32_t i : positions) {
      if (context_.freshness.IsHistoric(points[i].time_ns, job.now)) {
        ++job.counts->historic_points;
      } else if (!locked.shard.WriteKnown(job, points[i], scratch->rows[i])) {
        scratch->stale.push_back(i);
      }
    }
    locked.shard.Sweep(job.now, kSweepRowsPerWrite);
  }
}

void SeriesCache::WriteUnknown(const WriteJob& job, std::span<const uint32_t> unknown, WriteScratch* scratch) {
  scratch->mapped.clear();
  scratch->text.clear();
  MappedSeries series;
  for (const uint32_t i : unknown) {
    const CachePoint& point = job.slice->points[i];
    if (!job.mapper->MapSeries(point, &series)) {
      continue;
    }
    if (context_.freshness.IsHistoric(point.time_ns, job.now)) {
      ++job.counts->historic_points;
      continue;
    }
    scratch->mapped.push_back({i, static_cast<uint32_t>(scratch->text.size()),
                               static_cast<uint32_t>(series.table.size()),
                               static_cast<uint32_t>(series.labels.size()), series.scope,
                               SeriesTable::HashLabels(series.labels)});
    scratch->text += series.table;
    scratch->text += series.labels;
  }
  scratch->order.Assign(scratch->mapped.size(), shards_.size(),
                        [&](size_t m) { return ShardOf(scratch->mapped[m].labels_hash); });
  const std::string_view text = scratch->text;
  scratch->stale.clear();
  for (size_t s = 0; s < shards_.size(); ++s) {
    const std::span<const uint32_t> positions = scratch->order.In(s);
    if (positions.empty()) {
      continue;
    }
    LockedShard& locked = *shards_[s];
    MutexLock lock(&locked.mutex);
    for (const uint32_t m : positions) {
      const WriteScratch::Mapped& mapped = scratch->mapped[m];
      const MappedSeries at{text.substr(mapped.table_begin, mapped.table_size),
                            text.substr(mapped.table_begin + mapped.table_size, mapped.labels_size),
                            mapped.scope};
      RowRef& row = scratch->rows[mapped.point];
      row = locked.shard.WriteMapped(job, job.slice->points[mapped.point], at, mapped.labels_hash);
      if (row.version != 0) {
        scratch->stale.push_back(mapped.point);  // from here on: points to remember the route of
      }
    }
    locked.shard.Sweep(job.now, kSweepRowsPerWrite);
  }
  routes_.Insert(scratch->keys, scratch->rows, scratch->stale, job.now.tick);
}

void SeriesCache::Sweep(const Now& now, unsigned parts) {
  for (const std::unique_ptr<LockedShard>& locked : shards_) {
    size_t left = 0;
    {
      MutexLock lock(&locked->mutex);
      left = locked->shard.slot_count() / parts + 1;
    }
    while (left > 0) {
      const size_t rows_max = std::min(left, kSweepRowsPerLock);
      MutexLock lock(&locked->mutex);
      if (locked->shard.Sweep(now, rows_max) < rows_max) {
        break;
      }
      left -= rows_max;
    }
  }
  routes_.Sweep(now.tick, parts);
}

std::vector<std::string> SeriesCache::FindByLabel(std::string_view name, std::string_view value) {
  std::vector<std::string> labels;
  for (const std::unique_ptr<LockedShard>& locked : shards_) {
    MutexLock lock(&locked->mutex);
    locked->shard.FindByLabel(name, value, &labels);
  }
  return labels;
}

std::vector<std::string> SeriesCache::FindByDatabase(std::string_view database) {
  const DatabaseId id = databases_.Find(database);
  std::vector<std::string> labels;
  for (const std::unique_ptr<LockedShard>& locked : shards_) {
    MutexLock lock(&locked->mutex);
    locked->shard.FindByDatabase(id, &labels);
  }
  return labels;
}

}  // namespace fluxgate
