#include "bridge/cache/series_reader.h"

#include <utility>

namespace fluxgate {

SeriesReader::SeriesReader(SeriesCache* cache, DatabaseId database,
                           std::optional<std::string> table, const Now& now)
    : cache_(cache), table_(std::move(table)), job_{database, now} {}

size_t SeriesReader::Read(const RowVisitor& visit) {
  size_t passed = 0;
  copied_.text.clear();
  copied_.rows.clear();
  while (passed == 0 && shard_ < cache_->shards_.size()) {
    SeriesCache::LockedShard& locked = *cache_->shards_[shard_];
    MutexLock lock(&locked.mutex);
    passed =
        locked.shard.Read(job_, table_ ? &*table_ : nullptr, kSlotsPerLock, &copied_, &cursor_);
    if (passed == 0) {
      cursor_ = {};
      ++shard_;
    }
  }
  std::optional<uint32_t> unwanted;
  const std::string_view text = copied_.text;
  for (const CopiedRow& row : copied_.rows) {
    if (row.id.table == unwanted) {
      continue;
    }
    const ReadRow read(this, &row, text.substr(row.table_begin, row.table_size),
                       text.substr(row.labels_begin, row.labels_size));
    if (visit(read) == ReadStep::kNextTable) {
      unwanted = row.id.table;
    }
  }
  if (cursor_.table == unwanted) {
    cursor_ = {cursor_.table + 1, 0};
  }
  return passed;
}

void SeriesReader::ReadValues(const CopiedRow& row,
                              const std::function<void(const ReadValue& value)>& visit) {
  SeriesCache::LockedShard& locked = *cache_->shards_[shard_];
  size_t cell = 0;
  bool is_more = true;
  while (is_more) {
    MutexLock lock(&locked.mutex);
    is_more = locked.shard.ReadValues(job_, row.id, cell, kCellsPerLock, visit);
    cell += kCellsPerLock;
  }
}

void ReadRow::ForEachValue(const std::function<void(const ReadValue& value)>& visit) const {
  reader_->ReadValues(*row_, visit);
}

}  // namespace fluxgate
