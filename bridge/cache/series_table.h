// One measurement of one shard, as a table: rows are label sets, columns metric families, cells
// series.
//
// A row holds its rendered labels once, and its cells, all but a few sorted by column. Columns
// remember the raw field key that found them first; keys that map to the same family (`a-b` and
// `a.b`) are bound to the same column.
// Lifetime: row and column numbers are stable while the row or column lives, and are used again
// afterwards under another version. References are invalidated by AddRow and AddColumn.
// Bounds: memory follows the greatest number of rows, cells and columns since the table was made.
// Thread: compatible; guarded by the lock of its shard.
#pragma once

#include "bridge/base/string_hash.h"
#include "bridge/cache/cell.h"
#include "bridge/cache/database_registry.h"
#include "bridge/cache/family_index.h"
#include "bridge/cache/row_set.h"
#include "bridge/cache/series_limits.h"

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate {

struct Row {
  std::unique_ptr<char[]> labels;
  std::unique_ptr<Cell[]> cells;
  uint32_t labels_size = 0;
  uint32_t cell_count = 0;
  uint32_t cell_capacity = 0;
  uint32_t version = 0;  // 0: the slot is free
  // Scrape epoch at creation; a scrape passes over rows of its own epoch and later.
  uint32_t created_epoch = 0;
  DatabaseId database = 0;      // that wrote last
  Tick routes_since = 0;        // when `routes` began to count
  uint8_t routes : 7 = 0;       // made since then
  bool is_grouped : 1 = false;  // some of its cells may be members of groups
  uint8_t unsorted = 0;         // cells at the end in no order
  uint16_t runs = 0;            // times kRunSize cells before them that only have an order together

  // As many unsorted cells of a wide row are looked through one by one, then sorted.
  static constexpr uint32_t kRunSize = 128;

  std::string_view labels_text() const { return {labels.get(), labels_size}; }

  // The cell of `column`, or null. `hint` is where to look first.
  Cell* FindCell(uint32_t column, uint32_t hint) const;

  // Makes room for `cells` cells in all.
  void Reserve(uint32_t cells);

  // Adds a cell for `column`, which must have none. Cells may change their places.
  Cell* AddCell(uint32_t column);

  template <typename Predicate>
  void RemoveCellsIf(const Predicate& predicate) {
    if (runs > 0) {
      Sort();
    }
    Cell* const begin = cells.get();
    Cell* const end = begin + cell_count;
    unsorted = static_cast<uint8_t>(unsorted - std::count_if(end - unsorted, end, predicate));
    cell_count = static_cast<uint32_t>(std::remove_if(begin, end, predicate) - begin);
  }

 private:
  Cell* unsorted_begin() const { return cells.get() + cell_count - unsorted; }
  Cell* runs_begin() const { return unsorted_begin() - runs * kRunSize; }
  void SortSome();
  void Sort();
};

static_assert(sizeof(Row) == 48);

// A raw field key in the scope in which its mapping holds.
struct FieldKey {
  uint32_t scope = 0;
  std::string key;
};

struct Column {
  Family* family = nullptr;  // null: the slot is free
  uint32_t version = 0;
  RowSet rows;                 // that have a cell in it
  std::vector<FieldKey> keys;  // bound to this column; the first one found it
};
static_assert(sizeof(Column) == 64);

class SeriesTable {
 public:
  static constexpr uint32_t kNotFound = UINT32_MAX;

  SeriesTable(std::string_view name, MeasurementCount* series_count);

  static uint64_t HashLabels(std::string_view labels);

  uint32_t FindRow(std::string_view labels, uint64_t hash) const;
  uint32_t AddRow(std::string_view labels, uint32_t version);
  void RemoveRow(uint32_t row);

  // The column that a raw field key is bound to.
  uint32_t FindColumn(uint32_t scope, std::string_view key) const;
  uint32_t AddColumn(uint32_t version);
  void RemoveColumn(uint32_t column);

  // Binds a key to a column. Of many aliases only a few are bound, the others are mapped each time.
  void Bind(uint32_t scope, std::string_view key, uint32_t column);

  const std::string& name() const { return name_; }
  MeasurementCount* series_count() const { return series_count_; }
  std::vector<Row>& rows() { return rows_; }
  const std::vector<Row>& rows() const { return rows_; }
  std::vector<Column>& columns() { return columns_; }
  uint32_t live_rows() const { return live_rows_; }

 private:
  struct RowHash {
    using is_transparent = void;
    const SeriesTable* table;
    size_t operator()(uint32_t row) const { return HashLabels(table->rows_[row].labels_text()); }
    size_t operator()(std::string_view labels) const { return HashLabels(labels); }
  };
  struct RowEqual {
    using is_transparent = void;
    const SeriesTable* table;
    bool operator()(uint32_t a, uint32_t b) const { return a == b; }
    bool operator()(uint32_t a, std::string_view b) const {
      return table->rows_[a].labels_text() == b;
    }
    bool operator()(std::string_view a, uint32_t b) const { return (*this)(b, a); }
  };
  struct FieldKeyView {
    uint32_t scope;
    std::string_view key;
    friend bool operator==(const FieldKeyView&, const FieldKeyView&) = default;
    template <typename H>
    friend H AbslHashValue(H state, const FieldKeyView& k) {
      return H::combine(std::move(state), k.scope, Seeded(k.key));
    }
  };
  struct FieldKeyHash {
    using is_transparent = void;
    size_t operator()(const FieldKeyView& k) const { return absl::HashOf(k); }
    size_t operator()(const FieldKey& k) const {
      return absl::HashOf(FieldKeyView{k.scope, k.key});
    }
  };
  struct FieldKeyEqual {
    using is_transparent = void;
    static FieldKeyView View(const FieldKey& k) { return {k.scope, k.key}; }
    static FieldKeyView View(const FieldKeyView& k) { return k; }
    template <typename A, typename B>
    bool operator()(const A& a, const B& b) const {
      return View(a) == View(b);
    }
  };

  const std::string name_;
  MeasurementCount* const series_count_;
  std::vector<Row> rows_;
  std::vector<uint32_t> free_rows_;
  uint32_t live_rows_ = 0;
  absl::flat_hash_set<uint32_t, RowHash, RowEqual> row_of_labels_;
  std::vector<Column> columns_;
  std::vector<uint32_t> free_columns_;
  absl::flat_hash_map<FieldKey, uint32_t, FieldKeyHash, FieldKeyEqual> column_of_key_;
};

}  // namespace fluxgate
