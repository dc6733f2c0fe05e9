// Walks the live rows of one database, for those who ask what the cache holds.
//
// Rows come in no order. What lives throughout a walk is seen once; what comes or goes meanwhile
// may be seen or not, and so may values of a row of more than kCellsPerLock that gains or loses
// others meanwhile.
// Units: values as exposed; times in ns since the epoch.
// Lifetime: the cache outlives the reader; a ReadRow and all it views last for one visit.
// Errors: none.
// Bounds: a shard is locked while kSlotsPerLock slots are copied, or the values of kCellsPerLock
// cells are visited, its lock released in between. Rows are visited with nothing locked.
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

class SeriesReader;

// One live row, as it was when it was read.
class ReadRow {
 public:
  ReadRow(SeriesReader* reader, const CopiedRow* row, std::string_view table,
          std::string_view labels)
      : reader_(reader), row_(row), table_(table), labels_(labels) {}

  std::string_view table() const { return table_; }
  std::string_view labels() const { return labels_; }
  size_t cell_count() const { return row_->cell_count; }

  // Calls `visit` for each value that has not expired; none when the row is gone. A shard is locked
  // meanwhile: a visit must be short.
  void ForEachValue(const std::function<void(const ReadValue& value)>& visit) const;

 private:
  SeriesReader* const reader_;
  const CopiedRow* const row_;
  const std::string_view table_;
  const std::string_view labels_;
};

enum class ReadStep : uint8_t {
  kNextRow,
  kNextTable,  // the rest of the table's rows in this shard is not wanted
};

using RowVisitor = std::function<ReadStep(const ReadRow& row)>;

class SeriesReader {
 public:
  static constexpr size_t kSlotsPerLock = 64;
  static constexpr size_t kCellsPerLock = 4096;

  // `table`: of that measurement only.
  SeriesReader(SeriesCache* cache, DatabaseId database, std::optional<std::string> table,
               const Now& now);

  // Goes over some rows and returns how many slots it passed over, kSlotsPerLock and a row at most;
  // 0: there are no more. A row is a slot, and another for each 64 cells and 256 bytes of labels.
  size_t Read(const RowVisitor& visit);

 private:
  friend class ReadRow;

  void ReadValues(const CopiedRow& row, const std::function<void(const ReadValue& value)>& visit);

  SeriesCache* const cache_;
  const std::optional<std::string> table_;
  const ReadJob job_;
  ReadCursor cursor_;
  uint32_t shard_ = 0;
  CopiedRows copied_;
};

}  // namespace fluxgate
