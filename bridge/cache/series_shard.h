// One shard of the cache: the rows whose label sets hash to it, in the tables of their
// measurements.
//
// Series of one label set always meet in one shard, whatever raw lines and measurements they come
// from, so that one lock suffices to keep a (family, label set) unique: where several tables feed a
// family, its owners are on record.
// Units and lifetime: as series_cache.h.
// Bounds: as series_cache.h; Sweep and Render stop after a bounded number of rows. Memory follows
// the greatest number of rows and tables there was; their slots are used again.
// Thread: compatible; SeriesCache keeps each shard under a lock.
#pragma once

#include "protocol/prometheus/exposition_format.h"

#include "bridge/base/string_hash.h"
#include "bridge/cache/cell.h"
#include "bridge/cache/family_index.h"
#include "bridge/cache/group_members.h"
#include "bridge/cache/label_index.h"
#include "bridge/cache/route_table.h"
#include "bridge/cache/series_limits.h"
#include "bridge/cache/series_mapper.h"
#include "bridge/cache/series_table.h"

#include <absl/container/flat_hash_map.h>
#include <absl/container/inlined_vector.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate {

// What all shards share.
struct ShardContext {
  Freshness freshness;
  DatabaseRegistry* databases;
  SeriesLimits* limits;
  FamilyIndex* families;
  std::atomic<uint64_t>* row_count;
  std::atomic<uint32_t>* scrape_epoch;
};

// One call of SeriesCache::Write, as the shards see it.
struct WriteJob {
  const PointSlice* slice;
  WriteOrigin origin;
  Now now;
  SeriesMapper* mapper;
  WriteCounts* counts;
};

// How far a scrape has come in one column.
struct ColumnCursor {
  ColumnRef column;
  uint32_t row = 0;
  uint32_t cell_hint = 0;
  uint32_t visits = 0;  // rows, by the last call
};

// One scrape, as the shards see it.
struct RenderJob {
  const prom::FamilyEncoder* encoder;
  Now now;
  uint32_t epoch;   // rows made since this scrape began are passed over
  bool timestamps;  // write the samples' own times
};

// One walk of a SeriesReader, as the shards see it.
struct ReadJob {
  DatabaseId database = 0;
  Now now;
};

// The row slot of a shard that a SeriesReader comes to next.
struct ReadCursor {
  uint32_t table = 0;
  uint32_t row = 0;
};

// A row as a reader has it when the lock is gone.
struct CopiedRow {
  RowId id;
  uint32_t cell_count = 0;
  size_t table_begin = 0;  // its name, in the text
  size_t table_size = 0;
  size_t labels_begin = 0;
  size_t labels_size = 0;
};

struct CopiedRows {
  std::string text;
  std::vector<CopiedRow> rows;
};

struct ReadValue {
  std::string_view key;  // raw, as the line protocol had it first
  double value = 0;
  int64_t time_ns = 0;
};

class SeriesShard {
 public:
  SeriesShard(uint32_t number, const ShardContext& context) : number_(number), context_(context) {}

  // Ask for the memory of a row that a route led to, and, when that is there, of its cells.
  void PrefetchRow(const RowRef& row) const;
  void PrefetchCells(const RowRef& row) const;

  // Writes the point to the row that a route led to. False: the row is no more, nothing was
  // written.
  bool WriteKnown(const WriteJob& job, const CachePoint& point, const RowRef& row);

  // Writes the point to the row of its mapped series, which is made if need be. Returns the row,
  // with version 0 when no route to it should be kept.
  RowRef WriteMapped(const WriteJob& job, const CachePoint& point, const MappedSeries& series,
                     uint64_t labels_hash);

  // Appends live samples of a column from the cursor on, until `out` holds `size_max` bytes or many
  // rows were visited. The family's header goes before the first sample that any call appends.
  // True: the column is done.
  bool Render(const RenderJob& job, size_t size_max, ColumnCursor* cursor, bool* has_header,
              std::string* out) const;

  // Copies live rows that the database wrote last, from the cursor on; of the table of that name
  // only, unless that is null. Returns how many slots of rows and tables it passed over, at most
  // `slots_max` and what the last row has; 0: there are no more.
  size_t Read(const ReadJob& job, const std::string* table_name, size_t slots_max,
              CopiedRows* copied, ReadCursor* cursor) const;

  // Shows the live ones of `count` cells from `cell` on, if the row is still there. True: more may
  // follow.
  bool ReadValues(const ReadJob& job, const RowId& id, size_t cell, size_t count,
                  const std::function<void(const ReadValue&)>& visit) const;

  // Removes the expired cells of the next rows, from where the last call stopped, round and round.
  // Visits `slots` slots: a slot is a row, a table, living or not, or the end.
  void Sweep(const Now& now, size_t slots);

  // Removes what `sweep` takes of the members of its group, from the end of them or from `*left`
  // on downwards. Visits at most `visits` of them; false: there are no more.
  bool SweepGroup(const GroupSweep& sweep, const Now& now, size_t visits, size_t* left);

  const GroupMembers& members() const { return members_; }

  // Appends the labels of the live rows that carry the label.
  void FindByLabel(std::string_view name, std::string_view value,
                   std::vector<std::string>* labels) const;
  void FindByDatabase(DatabaseId database, std::vector<std::string>* labels) const;

  // Slots that a sweep has to visit to go once round from where it stands; what it removes
  // meanwhile does not make a round shorter.
  size_t RoundSize();

 private:
  const Row* FindRow(const RowRef& row) const;

  // A cell's place in this shard.
  struct Owner {
    uint32_t table = 0;
    uint32_t row = 0;
    uint32_t column = 0;
    uint32_t created_epoch = 0;
  };
  struct FedBy {
    uint32_t table = 0;
    uint32_t column = 0;
    friend bool operator==(const FedBy&, const FedBy&) = default;
  };
  // A family as far as this shard feeds it. Keys of `owners` view the labels of the owning rows.
  struct ShardFamily {
    absl::InlinedVector<FedBy, 1> columns;
    // From when several columns feed it. Kept while any does: a scrape asks it when a series came
    // to its place.
    std::unique_ptr<StringViewMap<Owner>> owners;
  };
  struct Place {
    uint32_t table;
    uint32_t row;
  };

  void TakeRow(const WriteJob& job, const CachePoint& point, Place place);
  void WriteFields(const WriteJob& job, const CachePoint& point, Place place, uint32_t scope);
  void WriteGroupedFields(const WriteJob& job, const CachePoint& point, Place place,
                          uint32_t scope);
  void WriteUnseen(const WriteJob& job, const CachePoint& point, const CacheField& field,
                   Place place, uint32_t scope);
  // Stores a field in a cell of the row at `place`, which may be grouped.
  void StoreAt(const WriteJob& job, const CachePoint& point, const CacheField& field, Place place,
               Cell* cell);
  void StoreInGroup(const WriteJob& job, const CachePoint& point, const CacheField& field,
                    Place place, Cell* cell);
  void JoinGroup(const WriteJob& job, Place place, Cell* cell);
  // Whether the point loses against what a cell holds that is a member of a group.
  static bool LosesToMember(const WriteJob& job, const CachePoint& point, const Cell& cell,
                            const GroupMembers::Membership& member);
  void SettleGrouping(Place place);
  void Store(const WriteJob& job, const CachePoint& point, const CacheField& field, Cell* cell);
  void AddSeries(const WriteJob& job, const CachePoint& point, const CacheField& field, Place place,
                 uint32_t scope, std::string_view family_name);
  uint32_t ColumnFor(Place place, uint32_t scope, std::string_view key,
                     std::string_view family_name);
  void RecordOwners(ShardFamily* family, const FedBy& fed_by);
  std::optional<Owner> FindOwner(const ShardFamily& family, std::string_view labels) const;

  uint32_t NextVersion();
  uint32_t TableFor(std::string_view name);
  uint32_t AddRow(uint32_t table, std::string_view labels, DatabaseId database);
  void SetDatabase(Place place, DatabaseId database);
  void SweepRow(Place place, const Now& now);
  void RemoveSeries(Place place, uint32_t column);
  void RemoveColumn(uint32_t table, uint32_t column);
  void RemoveRow(Place place);
  void RemoveTable(uint32_t table);

  Row& RowAt(Place place) { return tables_[place.table]->rows()[place.row]; }
  size_t slot_count() const { return row_slots_ + tables_.size() + 1; }
  bool IsLive(const RowId& id) const;
  std::vector<RowId> Candidates(uint64_t key) const;
  ColumnRef Ref(uint32_t table, uint32_t column) const;

  const uint32_t number_;
  const ShardContext& context_;
  std::vector<std::unique_ptr<SeriesTable>> tables_;  // null: the number is free
  std::vector<uint32_t> free_tables_;
  size_t row_slots_ = 0;  // of all tables
  StringMap<uint32_t> table_of_name_;
  StringViewMap<ShardFamily> families_;  // keys view Family::name
  LabelIndex labels_;
  GroupMembers members_;
  uint32_t next_version_ = 0;
  Place swept_{0, 0};
  size_t round_size_ = 0;  // of the sweep's present round
  size_t last_round_size_ = 0;
};

}  // namespace fluxgate
