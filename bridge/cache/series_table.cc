#include "bridge/cache/series_table.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace fluxgate {
namespace {

constexpr size_t kKeysPerColumn = 8;

// How many cells of a row may be unsorted, depending on how many there are: up to Row::kRunSize.
constexpr uint32_t kUnsortedLeast = 8;

uint32_t UnsortedMost(uint32_t cells) {
  return std::clamp(cells / 16, kUnsortedLeast, Row::kRunSize);
}

bool IsBefore(const Cell& a, const Cell& b) {
  return a.column < b.column;
}

Cell* FindSorted(Cell* begin, Cell* end, uint32_t column) {
  Cell* const at = std::lower_bound(begin, end, column,
                                    [](const Cell& cell, uint32_t c) { return cell.column < c; });
  return at != end && at->column == column ? at : nullptr;
}

// Brings two sorted ranges that follow one another in order. One by one into their places, the
// cells of a wide row would take quadratic time.
void Merge(Cell* begin, Cell* middle, Cell* end) {
  const std::vector<Cell> others(middle, end);
  Cell* from = middle;
  Cell* to = end;
  for (auto other = others.rbegin(); other != others.rend();) {
    *--to = from > begin && from[-1].column > other->column ? *--from : *other++;
  }
}

}  // namespace

Cell* Row::FindCell(uint32_t column, uint32_t hint) const {
  if (hint < cell_count && cells[hint].column == column) {
    return &cells[hint];
  }
  if (Cell* const found = FindSorted(cells.get(), runs_begin(), column)) {
    return found;
  }
  if (runs > 0) {
    if (Cell* const found = FindSorted(runs_begin(), unsorted_begin(), column)) {
      return found;
    }
  }
  Cell* const end = cells.get() + cell_count;
  Cell* const found =
      std::find_if(unsorted_begin(), end, [&](const Cell& cell) { return cell.column == column; });
  return found == end ? nullptr : found;
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
  if (unsorted >= UnsortedMost(cell_count)) {
    SortSome();
  }
  // Columns mostly come in the order in which they were made.
  if (unsorted > 0 || runs > 0 || (cell_count > 0 && cells[cell_count - 1].column > column)) {
    ++unsorted;
  }
  Cell* const cell = &cells[cell_count++];
  *cell = Cell{};
  cell->column = column;
  return cell;
}

// Merging all cells for each kRunSize that come would take quadratic time, too: the square root of
// their number is what costs least, counted in both kinds of merges.
void Row::SortSome() {
  const uint64_t sorted = static_cast<uint64_t>(runs_begin() - cells.get());
  if (unsorted < kRunSize || uint64_t{runs} * runs * kRunSize >= sorted) {
    Sort();
    return;
  }
  std::sort(unsorted_begin(), cells.get() + cell_count, IsBefore);
  Merge(runs_begin(), unsorted_begin(), cells.get() + cell_count);
  ++runs;
  unsorted = 0;
}

void Row::Sort() {
  Cell* const end = cells.get() + cell_count;
  std::sort(unsorted_begin(), end, IsBefore);
  Merge(runs_begin(), unsorted_begin(), end);
  Merge(cells.get(), runs_begin(), end);
  runs = 0;
  unsorted = 0;
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
