#include "bridge/cache/series_table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace fluxgate {
namespace {

static_assert(sizeof(Row) == 48);

uint32_t Find(const SeriesTable& table, std::string_view labels) {
  return table.FindRow(labels, SeriesTable::HashLabels(labels));
}

TEST(Row, CellsAreFoundWhateverTheHint) {
  Row row;
  for (const uint32_t column : {4U, 1U, 9U, 0U, 7U}) {
    row.AddCell(column)->value = column;
  }
  for (const uint32_t column : {0U, 1U, 4U, 7U, 9U}) {
    for (uint32_t hint = 0; hint < 8; ++hint) {
      ASSERT_NE(row.FindCell(column, hint), nullptr);
      EXPECT_EQ(row.FindCell(column, hint)->value, column);
    }
  }
  EXPECT_EQ(row.FindCell(2, 0), nullptr);
  EXPECT_EQ(row.FindCell(10, 4), nullptr);
}

TEST(Row, CellsComeAndGo) {
  for (uint64_t seed = 0; seed < 30; ++seed) {
    std::mt19937_64 random(seed);
    const uint32_t columns = seed % 3 == 0 ? 20 : seed % 3 == 1 ? 2000 : 20'000;
    Row row;
    std::map<uint32_t, double> expected;
    for (int step = 0; step < 10'000; ++step) {
      const uint32_t column = static_cast<uint32_t>(random() % columns);
      if (step % 3000 == 0) {
        row.RemoveCellsIf([&](const Cell& cell) { return cell.column % 3 == 0; });
        std::erase_if(expected, [](const auto& entry) { return entry.first % 3 == 0; });
      }
      Cell* cell = row.FindCell(column, static_cast<uint32_t>(random() % 50));
      ASSERT_EQ(cell != nullptr, expected.contains(column));
      if (cell == nullptr) {
        cell = row.AddCell(column);
        ASSERT_EQ(cell->value, 0);
      } else {
        ASSERT_EQ(cell->value, expected[column]);
      }
      cell->value = step;
      expected[column] = step;
      ASSERT_EQ(row.cell_count, expected.size());
      ASSERT_LE(row.unsorted, Row::kRunSize);
    }
    for (const auto& [column, value] : expected) {
      ASSERT_EQ(row.FindCell(column, 0)->value, value);
    }
  }
}

// Merging all cells whenever a fixed number has come would take quadratic time.
TEST(Row, CellsInReverseOrderDoNotMoveAWideRowForEachFew) {
  constexpr uint32_t kCells = 200'000;
  Row row;
  uint32_t merges = 0;
  uint32_t first = kCells;
  for (uint32_t column = kCells; column-- > 0;) {
    row.AddCell(column)->value = column;
    // The first cell changes when all of them are merged.
    merges += row.cells[0].column == first ? 0 : 1;
    first = row.cells[0].column;
    ASSERT_LE(row.unsorted, Row::kRunSize);
    if (column % 1000 == 0) {
      ASSERT_EQ(row.FindCell(column, 0)->value, column);
      ASSERT_EQ(row.FindCell(kCells - 1, 0)->value, kCells - 1);
      ASSERT_EQ(row.FindCell((column + kCells) / 2, 0)->value, (column + kCells) / 2);
      ASSERT_EQ(row.FindCell(column - 1, 0), nullptr);
    }
  }
  EXPECT_LE(merges, 200U);
  row.RemoveCellsIf([](const Cell& cell) { return cell.column % 2 == 1; });
  ASSERT_EQ(row.cell_count, kCells / 2);
  for (uint32_t column = 0; column < kCells; ++column) {
    ASSERT_EQ(row.FindCell(column, column / 2) != nullptr, column % 2 == 0);
  }
}

TEST(Row, CellsInColumnOrderAreSortedAsTheyCome) {
  Row row;
  for (uint32_t column = 0; column < 1000; column += 3) {
    row.AddCell(column);
    EXPECT_EQ(row.unsorted, 0U);
  }
}

TEST(Row, ReserveMakesRoomForExactlyThatMany) {
  Row row;
  row.Reserve(10);
  EXPECT_EQ(row.cell_capacity, 10U);
  const Cell* const before = row.cells.get();
  for (uint32_t column = 0; column < 10; ++column) {
    row.AddCell(column);
  }
  EXPECT_EQ(row.cells.get(), before);
  row.Reserve(5);
  EXPECT_EQ(row.cell_capacity, 10U);
}

TEST(SeriesTable, RowsAreFoundByTheirWholeLabels) {
  MeasurementCount count;
  SeriesTable table("m", &count);
  const uint32_t a = table.AddRow(R"(a="1")", 1);
  const uint32_t b = table.AddRow(R"(a="1",b="2")", 2);
  const uint32_t none = table.AddRow("", 3);
  EXPECT_EQ(Find(table, R"(a="1")"), a);
  EXPECT_EQ(Find(table, R"(a="1",b="2")"), b);
  EXPECT_EQ(Find(table, ""), none);
  EXPECT_EQ(Find(table, R"(a="2")"), SeriesTable::kNotFound);
  EXPECT_EQ(table.live_rows(), 3U);
}

TEST(SeriesTable, RemovedRowLeavesAFreeSlot) {
  MeasurementCount count;
  SeriesTable table("m", &count);
  const uint32_t a = table.AddRow("a", 1);
  table.AddRow("b", 2);
  table.RemoveRow(a);
  EXPECT_EQ(Find(table, "a"), SeriesTable::kNotFound);
  EXPECT_EQ(table.rows()[a].version, 0U);
  EXPECT_EQ(table.AddRow("c", 3), a);
  EXPECT_EQ(Find(table, "c"), a);
  EXPECT_EQ(table.rows().size(), 2U);
}

TEST(SeriesTable, KeysAreBoundInTheirScope) {
  MeasurementCount count;
  SeriesTable table("m", &count);
  const uint32_t a = table.AddColumn(1);
  const uint32_t b = table.AddColumn(2);
  table.Bind(0, "x", a);
  table.Bind(1, "x", b);
  table.Bind(0, "x-y", a);
  EXPECT_EQ(table.FindColumn(0, "x"), a);
  EXPECT_EQ(table.FindColumn(1, "x"), b);
  EXPECT_EQ(table.FindColumn(0, "x-y"), a);
  EXPECT_EQ(table.FindColumn(1, "x-y"), SeriesTable::kNotFound);
  table.RemoveColumn(a);
  EXPECT_EQ(table.FindColumn(0, "x"), SeriesTable::kNotFound);
  EXPECT_EQ(table.FindColumn(0, "x-y"), SeriesTable::kNotFound);
  EXPECT_EQ(table.FindColumn(1, "x"), b);
  EXPECT_EQ(table.AddColumn(3), a);
  EXPECT_EQ(table.columns()[a].version, 3U);
}

TEST(SeriesTable, AliasesOfAColumnAreFew) {
  MeasurementCount count;
  SeriesTable table("m", &count);
  const uint32_t column = table.AddColumn(1);
  for (int i = 0; i < 100; ++i) {
    table.Bind(0, std::to_string(i), column);
  }
  EXPECT_EQ(table.FindColumn(0, "0"), column);
  EXPECT_EQ(table.FindColumn(0, "99"), SeriesTable::kNotFound);
  EXPECT_LE(table.columns()[column].keys.size(), 8U);
}

}  // namespace
}  // namespace fluxgate
