#include "bridge/cache/series_cache.h"

#include "bridge/base/check.h"

#include <algorithm>

namespace fluxgate {
namespace {

// Where the number of series is not limited.
constexpr uint64_t kRoutesMax = 10'000'000;

constexpr size_t kSweepSlotsPerLock = 256;
// What a write that may add series sweeps in each shard it visits, so that expiry keeps up with it.
constexpr size_t kSweepSlotsPerWrite = 2;
// Rows whose cache misses overlap.
constexpr size_t kRowsAtOnce = 16;

}  // namespace

SeriesCache::SeriesCache(const CacheOptions& options)
    : options_(options),
      databases_(options.databases_max),
      groups_(options.groups_max),
      limits_(options),
      routes_(options.shard_bits, options.series_max == 0 ? kRoutesMax : options.series_max,
              Freshness(options).expiry_ticks()),
      context_{Freshness(options), &databases_, &limits_, &families_, &row_count_, &scrape_epoch_} {
  CHECK(options.shard_bits >= 1 && options.shard_bits <= 16);
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
  scratch->mapped.clear();
  scratch->mapped_of_key.clear();
  scratch->text.clear();
  scratch->deferred.clear();
  for (uint32_t i = 0; i < scratch->rows.size(); ++i) {
    if (scratch->rows[i].version == 0) {
      Map(job, i, scratch);
    }
  }
  WritePoints(job, slice.points.size(), [](uint32_t n) { return n; }, scratch);
  if (!scratch->deferred.empty()) {
    for (const uint32_t i : scratch->deferred) {
      if (scratch->rows[i].version != 0) {
        Map(job, i, scratch);
      }
    }
    WritePoints(
        job, scratch->deferred.size(), [&](uint32_t n) { return scratch->deferred[n]; }, scratch);
  }
  scratch->routed.clear();
  for (const WriteScratch::Mapped& mapped : scratch->mapped) {
    scratch->routed.push_back(mapped.point);
  }
  routes_.Insert(scratch->keys, scratch->rows, scratch->routed, now.tick);
  return counts;
}

// Whether an earlier point of the slice has the same key, so that this one goes where that goes.
bool SeriesCache::IsMapped(const WriteJob& job, uint32_t i, WriteScratch* scratch) {
  const uint32_t next = static_cast<uint32_t>(scratch->mapped.size());
  const auto entry = scratch->mapped_of_key.try_emplace(scratch->keys[i].hash, next).first;
  if (entry->second < next) {
    const CachePoint& first = job.slice->points[scratch->mapped[entry->second].point];
    if (first.series_key == job.slice->points[i].series_key) {
      scratch->rows[i].row = entry->second;
      return true;
    }
  }
  entry->second = next;
  return false;
}

// Finds out where the point goes, and notes it in scratch->mapped unless it goes nowhere.
void SeriesCache::Map(const WriteJob& job, uint32_t i, WriteScratch* scratch) {
  const CachePoint& point = job.slice->points[i];
  scratch->rows[i] = {};
  scratch->rows[i].shard = ShardOrder::kNone;
  MappedSeries series;
  const bool is_mapped = IsMapped(job, i, scratch);
  if (!is_mapped && !job.mapper->MapSeries(point, &series)) {
    return;
  }
  if (!job.origin.is_current && context_.freshness.IsHistoric(point.time_ns, job.now)) {
    job.counts->historic_points += point.is_continuation ? 0 : 1;
    return;
  }
  if (is_mapped) {
    scratch->rows[i].shard = ShardOf(scratch->mapped[scratch->rows[i].row].labels_hash);
    return;
  }
  const uint64_t hash = SeriesTable::HashLabels(series.labels);
  scratch->rows[i].shard = ShardOf(hash);
  scratch->rows[i].row = static_cast<uint32_t>(scratch->mapped.size());
  scratch->mapped.push_back({i,
                             static_cast<uint32_t>(scratch->text.size()),
                             static_cast<uint32_t>(series.table.size()),
                             static_cast<uint32_t>(series.labels.size()),
                             series.scope,
                             hash,
                             {}});
  scratch->text += series.table;
  scratch->text += series.labels;
}

// Writes the points point_at(0) to point_at(count - 1), in that order within each shard. When a
// point's route turns out stale, it and what comes behind it in its shard is deferred, so that
// points of one series stay in order.
template <typename PointAt>
void SeriesCache::WritePoints(const WriteJob& job, size_t count, const PointAt& point_at,
                              WriteScratch* scratch) {
  scratch->order.Assign(count, shards_.size(), [&](size_t n) {
    return scratch->rows[point_at(static_cast<uint32_t>(n))].shard;
  });
  for (size_t s = 0; s < shards_.size(); ++s) {
    std::span<const uint32_t> positions = scratch->order.In(s);
    if (positions.empty()) {
      continue;
    }
    LockedShard& locked = *shards_[s];
    MutexLock lock(&locked.mutex);
    size_t written = kRowsAtOnce;
    while (written == kRowsAtOnce && !positions.empty()) {
      written = WriteSome(job, positions.first(std::min(kRowsAtOnce, positions.size())), point_at,
                          &locked.shard, scratch);
      positions = positions.subspan(written);
    }
    for (const uint32_t n : positions) {
      scratch->deferred.push_back(point_at(n));
    }
    if (!scratch->mapped.empty()) {
      locked.shard.Sweep(job.now, kSweepSlotsPerWrite);
    }
  }
}

// Writes up to the first point with a stale route and returns how many that are. Each step touches
// what the step before asked for.
template <typename PointAt>
size_t SeriesCache::WriteSome(const WriteJob& job, std::span<const uint32_t> positions,
                              const PointAt& point_at, SeriesShard* shard,
                              WriteScratch* scratch) const {
  for (const uint32_t n : positions) {
    shard->PrefetchRow(scratch->rows[point_at(n)]);
  }
  for (const uint32_t n : positions) {
    shard->PrefetchCells(scratch->rows[point_at(n)]);
  }
  const auto stale = std::find_if(positions.begin(), positions.end(), [&](uint32_t n) {
    return !WritePoint(job, point_at(n), shard, scratch);
  });
  return static_cast<size_t>(stale - positions.begin());
}

// False: the point's route is stale.
bool SeriesCache::WritePoint(const WriteJob& job, uint32_t i, SeriesShard* shard,
                             WriteScratch* scratch) const {
  const CachePoint& point = job.slice->points[i];
  RowRef& row = scratch->rows[i];
  if (row.version != 0) {
    if (!job.origin.is_current && context_.freshness.IsHistoric(point.time_ns, job.now)) {
      job.counts->historic_points += point.is_continuation ? 0 : 1;
      return true;
    }
    return shard->WriteKnown(job, point, row);
  }
  WriteScratch::Mapped& mapped = scratch->mapped[row.row];
  if (mapped.row.version != 0 && shard->WriteKnown(job, point, mapped.row)) {
    row = mapped.row;
    return true;
  }
  const std::string_view text = scratch->text;
  row = mapped.row = shard->WriteMapped(
      job, point,
      {text.substr(mapped.table_begin, mapped.table_size),
       text.substr(mapped.table_begin + mapped.table_size, mapped.labels_size), mapped.scope},
      mapped.labels_hash);
  return true;
}

void SeriesCache::Sweep(const Now& now, unsigned parts) {
  for (const std::unique_ptr<LockedShard>& locked : shards_) {
    size_t left = 0;
    {
      MutexLock lock(&locked->mutex);
      left = (locked->shard.RoundSize() + parts - 1) / parts;
    }
    while (left > 0) {
      const size_t slots = std::min(left, kSweepSlotsPerLock);
      MutexLock lock(&locked->mutex);
      locked->shard.Sweep(now, slots);
      left -= slots;
    }
  }
  routes_.Sweep(now.tick, parts);
  ForgetGroups(now);
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
  std::vector<std::string> labels;
  const std::optional<DatabaseId> id = databases_.Find(database);
  if (!id) {
    return labels;
  }
  for (const std::unique_ptr<LockedShard>& locked : shards_) {
    MutexLock lock(&locked->mutex);
    locked->shard.FindByDatabase(*id, &labels);
  }
  return labels;
}

}  // namespace fluxgate
