// The label-indexed store of recent values: what writers have sent and scrapes will see.
//
// Purpose and shape: ARCHITECTURE.md, "The cache". A measurement is a table; its rows are label
// sets, its columns metric families, a cell is one series with its last value. Rows live in
// 2^shard_bits shards by the hash of their label set.
// Units: times in ns since the epoch, ticks as in base/clock.h.
// Lifetime: the cache copies what it keeps.
// Errors: none; what is not taken is reported to the SeriesMapper with its reason.
// Bounds: series by CacheOptions, routes to as many; no operation holds a lock for more than one
// slice of a batch, one chunk of a scrape or a few hundred rows of a sweep.
// Thread: safe.
#pragma once

#include "bridge/base/clock.h"
#include "bridge/base/mutex.h"
#include "bridge/cache/cache_options.h"
#include "bridge/cache/database_registry.h"
#include "bridge/cache/family_index.h"
#include "bridge/cache/group_registry.h"
#include "bridge/cache/route_table.h"
#include "bridge/cache/series_limits.h"
#include "bridge/cache/series_mapper.h"
#include "bridge/cache/series_shard.h"
#include "bridge/cache/shard_order.h"

#include <absl/container/flat_hash_map.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate {

// Memory for SeriesCache::Write, kept by the caller from call to call.
struct WriteScratch {
  // The mapped series of a point whose route was not known, in `text`.
  struct Mapped {
    uint32_t point = 0;
    uint32_t table_begin = 0;
    uint32_t table_size = 0;
    uint32_t labels_size = 0;  // directly behind the table's name
    uint32_t scope = 0;
    uint64_t labels_hash = 0;
    RowRef row;  // once the first of its points is written; version 0: no route to it
  };

  ShardOrder order;
  std::vector<RouteKey> keys;
  std::vector<RowRef>
      rows;  // version 0: `row` is the number of the mapped series, `shard` where it goes
  std::vector<Mapped> mapped;
  absl::flat_hash_map<uint64_t, uint32_t> mapped_of_key;  // by RouteKey::hash
  std::vector<uint32_t>
      deferred;  // points behind one whose route led to a row that is gone, and that one
  std::vector<uint32_t> routed;  // points to remember the routes of
  std::string text;
};

class SeriesCache {
 public:
  explicit SeriesCache(const CacheOptions& options);
  SeriesCache(const SeriesCache&) = delete;
  SeriesCache& operator=(const SeriesCache&) = delete;

  // Stores the fields of some points of one batch. Points of one series are taken in order.
  // `mapper` is asked about what is new and told what was dropped.
  WriteCounts Write(const PointSlice& slice, const WriteOrigin& origin, const Now& now,
                    SeriesMapper* mapper, WriteScratch* scratch);

  // Removes expired cells and idle routes from one part in `parts` of the cache, a bounded number
  // of rows a lock. Called from a timer; `parts` calls go once round.
  void Sweep(const Now& now, unsigned parts);

  // Begins a body that is written as a snapshot of the group `name`: its batches have it in their
  // WriteOrigin. nullopt: there are too many groups. `lifetime_ns` 0: group_expiry_ns.
  std::optional<GroupBody> BeginBody(std::string_view name, int64_t lifetime_ns, const Now& now);

  // Ends it. A body that was whole takes away what older ones brought to the group and it did not;
  // any other only adds to the group, or takes away what it brought if that was deleted meanwhile.
  void EndBody(const GroupBody& body, BodyEnd end, const Now& now);

  // Removes the group and its series, but for what bodies bring that are still being written: a
  // whole one keeps it, and the others take theirs away as they end.
  // False: there is no such group.
  bool DeleteGroup(std::string_view name, const Now& now);

  // The series of each group by GroupState::id; a group without any is not there.
  absl::flat_hash_map<uint64_t, uint64_t> GroupSizes();

  const GroupRegistry& groups() const { return groups_; }

  // The label sets of the live rows that carry the label, rendered, in no order.
  std::vector<std::string> FindByLabel(std::string_view name, std::string_view value);

  // The label sets of the live rows that the database wrote last.
  std::vector<std::string> FindByDatabase(std::string_view database);

  DatabaseRegistry& databases() { return databases_; }
  uint64_t series_count() const { return limits_.series_count(); }
  uint64_t row_count() const { return row_count_.load(std::memory_order_relaxed); }
  size_t family_count() const { return families_.size(); }
  size_t route_count() const { return routes_.size(); }
  const CacheOptions& options() const { return options_; }

 private:
  friend class FamilyCursor;
  friend class SeriesReader;

  struct LockedShard {
    LockedShard(uint32_t number, const ShardContext& context) : shard(number, context) {}
    Mutex mutex;
    SeriesShard shard ABSL_GUARDED_BY(mutex);
  };

  void Map(const WriteJob& job, uint32_t point, WriteScratch* scratch);
  static bool IsMapped(const WriteJob& job, uint32_t point, WriteScratch* scratch);
  template <typename PointAt>
  void WritePoints(const WriteJob& job, size_t count, const PointAt& point_at,
                   WriteScratch* scratch);
  template <typename PointAt>
  size_t WriteSome(const WriteJob& job, std::span<const uint32_t> positions,
                   const PointAt& point_at, SeriesShard* shard, WriteScratch* scratch) const;
  bool WritePoint(const WriteJob& job, uint32_t point, SeriesShard* shard,
                  WriteScratch* scratch) const;
  void SweepGroup(const GroupSweep& sweep, const Now& now);
  void ForgetGroups(const Now& now);
  uint32_t ShardOf(uint64_t labels_hash) const {
    return static_cast<uint32_t>(labels_hash >> (64 - options_.shard_bits));
  }

  const CacheOptions options_;
  DatabaseRegistry databases_;
  GroupRegistry groups_;
  SeriesLimits limits_;
  FamilyIndex families_;
  std::atomic<uint64_t> row_count_{0};
  std::atomic<uint32_t> scrape_epoch_{1};
  RouteTable routes_;
  const ShardContext context_;
  std::vector<std::unique_ptr<LockedShard>> shards_;
};

}  // namespace fluxgate
