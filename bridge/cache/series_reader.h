// Walks the live rows of one database, for those who ask what the cache holds.
//
// Rows come in no order. What lives throughout a walk is seen once; what comes or goes meanwhile
// may be seen or not.
// Units: values as exposed; times in ns since the epoch.
// Lifetime: the cache outlives the reader; a ReadRow and all it views last for one visit.
// Errors: none.
// Bounds: a shard is locked for at most kRowsPerLock slots of rows, its lock released in between. A
// visit happens under the lock and must be short.
// Thread: compatible.
#pragma once

#include "bridge/base/clock.h"
#include "bridge/cache/series_cache.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace fluxgate {

// One live row, seen from within its shard's lock.
class ReadRow {
 public:
  struct Value {
    std::string_view key;  // raw, as the line protocol had it first
    double value = 0;
    int64_t time_ns = 0;
  };

  ReadRow(SeriesTable* table, const Row* row, const Freshness* freshness, const Now* now)
      : table_(table), row_(row), freshness_(freshness), now_(now) {}

  std::string_view table() const { return table_->name(); }
  std::string_view labels() const { return row_->labels_text(); }

  // Calls `visit(Value)` for each value that has not expired.
  template <typename Visit>
  void ForEachValue(const Visit& visit) const {
    for (uint32_t i = 0; i < row_->cell_count; ++i) {
      const Cell& cell = row_->cells[i];
      if (!freshness_->IsExpired(cell, *now_)) {
        visit(Value{table_->columns()[cell.column].keys.front().key, cell.value, cell.time_ns});
      }
    }
  }

  bool is_live() const {
    bool is_live = false;
    ForEachValue([&](const Value&) { is_live = true; });
    return is_live;
  }

 private:
  SeriesTable* table_;
  const Row* row_;
  const Freshness* freshness_;
  const Now* now_;
};

enum class ReadStep : uint8_t {
  kNextRow,
  kNextTable,  // the rest of the table's rows in this shard is not wanted
};

// Called with a shard locked.
using RowVisitor = std::function<ReadStep(const ReadRow& row)>;

class SeriesReader {
 public:
  static constexpr size_t kRowsPerLock = 64;

  // `table`: of that measurement only.
  SeriesReader(SeriesCache* cache, DatabaseId database, std::optional<std::string> table,
               const Now& now);

  // Goes over some rows, kRowsPerLock slots at most, and returns how many slots it passed over; 0:
  // there are no more.
  size_t Read(const RowVisitor& visit);

 private:
  SeriesCache* const cache_;
  const std::optional<std::string> table_;
  const ReadJob job_;
  ReadCursor cursor_;
  uint32_t shard_ = 0;
};

}  // namespace fluxgate
