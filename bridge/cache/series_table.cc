#include "bridge/cache/series_table.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace fluxgate {
namespace {

constexpr size_t kKeysPerColumn = 8;

}  // namespace

uint32_t Row::LowerBound(uint32_t column) const {
  const Cell* const begin = cells.get();
  const auto is_before = [](const Cell& cell, uint32_t c) { return cell.column < c; };
  return static_cast<uint32_t>(std::lower_bound(begin, begin + cell_count, column, is_before) -
                               begin);
}

Cell* Row::FindCell(uint32_t column, uint32_t hint) const {
  if (hint < cell_count && cells[hint].column == column) {
    return &cells[hint];
  }
  const uint32_t i = LowerBound(column);
  return i < cell_count && cells[i].column == column ? &cells[i] : nullptr;
}

void Row::Reserve(uint32_t capacity) {
  if (capacity > cell_capacity) {
    auto grown = std::make_unique_for_overwrite<Cell[]>(capacity);
    std::copy_n(cells.get(), cell_count, grown.get());
    cells = std::move(grown);
    cell_capacity = capacity;
  }
}

Cell* Row::AddCell(uint32_t column) {
  if (cell_count == cell_capacity) {
    Reserve(std::max(cell_capacity + cell_capacity / 2, cell_capacity + 1));
  }
  // Columns mostly come in the order in which they were made.
  const uint32_t i =
      cell_count == 0 || cells[cell_count - 1].column < column ? cell_count : LowerBound(column);
  std::copy_backward(cells.get() + i, cells.get() + cell_count, cells.get() + cell_count + 1);
  ++cell_count;
  cells[i] = Cell{};
  cells[i].column = column;
  return &cells[i];
}

void Row::RemoveCell(const Cell* cell) {
  Cell* const at = cells.get() + (cell - cells.get());
  std::copy(at + 1, cells.get() + cell_count, at);
  --cell_count;
}

SeriesTable::SeriesTable(std::string_view name, MeasurementCount* series_count)
    : name_(name), series_count_(series_count), row_of_labels_(0, RowHash{this}, RowEqual{this}) {}

uint64_t SeriesTable::HashLabels(std::string_view labels) {
  return StringHash()(labels);
}

uint32_t SeriesTable::FindRow(std::string_view labels, uint64_t hash) const {
  const auto found = row_of_labels_.find(labels, hash);
  return found == row_of_labels_.end() ? kNotFound : *found;
}

uint32_t SeriesTable::AddRow(std::string_view labels, uint32_t version) {
  uint32_t number;
  if (free_rows_.empty()) {
    number = static_cast<uint32_t>(rows_.size());
    rows_.emplace_back();
  } else {
    number = free_rows_.back();
    free_rows_.pop_back();
  }
  Row& row = rows_[number];
  row.labels = std::make_unique_for_overwrite<char[]>(labels.size());
  std::memcpy(row.labels.get(), labels.data(), labels.size());
  row.labels_size = static_cast<uint32_t>(labels.size());
  row.version = version;
  ++live_rows_;
  row_of_labels_.insert(number);
  return number;
}

void SeriesTable::RemoveRow(uint32_t number) {
  row_of_labels_.erase(number);
  rows_[number] = Row{};
  free_rows_.push_back(number);
  --live_rows_;
}

uint32_t SeriesTable::FindColumn(uint32_t scope, std::string_view key) const {
  const auto found = column_of_key_.find(FieldKeyView{scope, key});
  return found == column_of_key_.end() ? kNotFound : found->second;
}

uint32_t SeriesTable::AddColumn(uint32_t version) {
  uint32_t number;
  if (free_columns_.empty()) {
    number = static_cast<uint32_t>(columns_.size());
    columns_.emplace_back();
  } else {
    number = free_columns_.back();
    free_columns_.pop_back();
  }
  columns_[number].version = version;
  return number;
}

void SeriesTable::RemoveColumn(uint32_t number) {
  for (const FieldKey& key : columns_[number].keys) {
    column_of_key_.erase(key);
  }
  columns_[number] = Column{};
  free_columns_.push_back(number);
}

void SeriesTable::Bind(uint32_t scope, std::string_view key, uint32_t column) {
  std::vector<FieldKey>& keys = columns_[column].keys;
  if (keys.size() < kKeysPerColumn) {
    keys.push_back({scope, std::string(key)});
    column_of_key_.emplace(keys.back(), column);
  }
}

}  // namespace fluxgate
