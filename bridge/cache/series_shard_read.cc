// The reader's side of a shard: kept apart from writing, sweeping and rendering.
#include "bridge/cache/series_reader.h"
#include "bridge/cache/series_shard.h"

namespace fluxgate {

size_t SeriesShard::Read(const ReadJob& job, const std::string* table_name, size_t slots_max,
                         const RowVisitor& visit, ReadCursor* cursor) const {
  uint32_t table_end = static_cast<uint32_t>(tables_.size());
  if (table_name != nullptr) {
    const auto found = table_of_name_.find(*table_name);
    if (found == table_of_name_.end() || found->second < cursor->table) {
      return 0;
    }
    cursor->table = found->second;
    table_end = found->second + 1;
  }
  size_t passed = 0;
  while (passed < slots_max && cursor->table < table_end) {
    ++passed;
    SeriesTable* const table = tables_[cursor->table].get();
    if (table == nullptr || cursor->row >= table->rows().size()) {
      *cursor = {cursor->table + 1, 0};
      continue;
    }
    const Row& row = table->rows()[cursor->row++];
    if (row.version == 0 || row.database != job.database) {
      continue;
    }
    const ReadRow read(table, &row, &context_.freshness, &job.now);
    if (read.is_live() && visit(read) == ReadStep::kNextTable) {
      *cursor = {cursor->table + 1, 0};
    }
  }
  return passed;
}

}  // namespace fluxgate
