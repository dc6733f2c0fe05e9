// The reader's side of a shard: kept apart from writing, sweeping and rendering.
#include "bridge/cache/series_shard.h"

#include <algorithm>
#include <span>

namespace fluxgate {
namespace {

// What is read in the time of a slot.
constexpr size_t kCellsOfSlot = 64;
constexpr size_t kLabelsOfSlot = 256;  // bytes

size_t SlotsOf(const Row& row) {
  return 1 + row.cell_count / kCellsOfSlot + row.labels_size / kLabelsOfSlot;
}

void Copy(const SeriesTable& table, const Row& row, const RowId& id, CopiedRows* copied) {
  CopiedRow copy{.id = id, .cell_count = row.cell_count};
  const CopiedRow* const last = copied->rows.empty() ? nullptr : &copied->rows.back();
  const bool is_same_table = last != nullptr && last->id.table == id.table;
  copy.table_begin = is_same_table ? last->table_begin : copied->text.size();
  copy.table_size = table.name().size();
  if (!is_same_table) {
    copied->text += table.name();
  }
  copy.labels_begin = copied->text.size();
  copy.labels_size = row.labels_size;
  copied->text += row.labels_text();
  copied->rows.push_back(copy);
}

}  // namespace

size_t SeriesShard::Read(const ReadJob& job, const std::string* table_name, size_t slots_max,
                         CopiedRows* copied, ReadCursor* cursor) const {
  uint32_t table_end = static_cast<uint32_t>(tables_.size());
  if (table_name != nullptr) {
    const auto found = table_of_name_.find(*table_name);
    if (found == table_of_name_.end() || found->second < cursor->table) {
      return 0;
    }
    cursor->table = found->second;
    table_end = found->second + 1;
  }
  const auto is_live = [&](const Cell& cell) {
    return !context_.freshness.IsExpired(cell, job.now);
  };
  size_t passed = 0;
  while (passed < slots_max && cursor->table < table_end) {
    ++passed;
    const SeriesTable* const table = tables_[cursor->table].get();
    if (table == nullptr || cursor->row >= table->rows().size()) {
      *cursor = {cursor->table + 1, 0};
      continue;
    }
    const RowId id = {cursor->table, cursor->row, table->rows()[cursor->row].version};
    const Row& row = table->rows()[cursor->row++];
    if (row.version == 0 || row.database != job.database) {
      continue;
    }
    passed += SlotsOf(row) - 1;
    if (std::ranges::any_of(std::span(row.cells.get(), row.cell_count), is_live)) {
      Copy(*table, row, id, copied);
    }
  }
  return passed;
}

bool SeriesShard::ReadValues(const ReadJob& job, const RowId& id, size_t cell, size_t count,
                             const std::function<void(const ReadValue&)>& visit) const {
  if (!IsLive(id)) {
    return false;
  }
  SeriesTable& table = *tables_[id.table];
  const Row& row = table.rows()[id.row];
  const size_t end = std::min<size_t>(row.cell_count, cell + count);
  for (size_t i = cell; i < end; ++i) {
    const Cell& read = row.cells[i];
    if (!context_.freshness.IsExpired(read, job.now)) {
      visit({table.columns()[read.column].keys.front().key, read.value, read.time_ns});
    }
  }
  return end < row.cell_count;
}

}  // namespace fluxgate
