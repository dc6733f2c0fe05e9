#include "bridge/cache/series_reader.h"

#include "tests/bridge/cache/pipeline.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace fluxgate {
namespace {

// `table{labels}` of all rows that a walk shows, sorted.
std::vector<std::string> RowsOf(Pipeline* pipeline, std::string_view database,
                                std::optional<std::string> table = std::nullopt,
                                ReadStep step = ReadStep::kNextRow) {
  SeriesReader reader(&pipeline->cache, *pipeline->cache.databases().Find(database),
                      std::move(table), pipeline->clock.Read());
  std::vector<std::string> rows;
  size_t passed = 0;
  do {
    passed = reader.Read([&](const ReadRow& row) {
      rows.push_back(std::string(row.table()) + "{" + std::string(row.labels()) + "}");
      return step;
    });
    EXPECT_LE(passed, SeriesReader::kSlotsPerLock);
  } while (passed > 0);
  std::ranges::sort(rows);
  return rows;
}

TEST(SeriesReader, ShowsTheLiveRowsOfADatabase) {
  Pipeline pipeline;
  pipeline.Write("m,t=a v=1\nm,t=b v=1\nn v=1", "d");
  pipeline.Write("m,t=c v=1", "other");
  EXPECT_EQ(RowsOf(&pipeline, "d"), (std::vector<std::string>{"m{t=\"a\"}", "m{t=\"b\"}", "n{}"}));
  EXPECT_EQ(RowsOf(&pipeline, "other"), std::vector<std::string>{"m{t=\"c\"}"});
  EXPECT_EQ(RowsOf(&pipeline, "d", "n"), std::vector<std::string>{"n{}"});
  EXPECT_EQ(RowsOf(&pipeline, "d", "none"), std::vector<std::string>());
  pipeline.clock.Advance(int64_t{400} * 1'000'000'000);
  EXPECT_EQ(RowsOf(&pipeline, "d"), std::vector<std::string>());
}

TEST(SeriesReader, ShowsEachOfManyRowsOnce) {
  Pipeline pipeline;
  std::string lines;
  for (int i = 0; i < 20'000; ++i) {
    lines += "m" + std::to_string(i % 7) + ",t=" + std::to_string(i) + " v=1\n";
  }
  pipeline.Write(lines, "d");
  const std::vector<std::string> rows = RowsOf(&pipeline, "d");
  EXPECT_EQ(rows.size(), 20'000U);
  EXPECT_EQ(std::set<std::string>(rows.begin(), rows.end()).size(), 20'000U);
  EXPECT_EQ(RowsOf(&pipeline, "d", "m3").size(), 2857U);
  // One row of each table and shard at most.
  EXPECT_LE(RowsOf(&pipeline, "d", std::nullopt, ReadStep::kNextTable).size(), 7U * 64);
}

TEST(SeriesReader, ValuesHaveTheirRawKeys) {
  Pipeline pipeline;
  pipeline.Write("m a-b=1,value=2", "d");
  SeriesReader reader(&pipeline.cache, *pipeline.cache.databases().Find("d"), "m",
                      pipeline.clock.Read());
  std::set<std::string> values;
  while (reader.Read([&](const ReadRow& row) {
    row.ForEachValue([&](const ReadValue& value) {
      values.insert(std::string(value.key) + "=" + std::to_string(static_cast<int>(value.value)));
    });
    return ReadStep::kNextRow;
  }) > 0) {
  }
  EXPECT_EQ(values, (std::set<std::string>{"a-b=1", "value=2"}));
}

// The slots of each lock's hold, over all of the database.
std::vector<size_t> SlotsOf(Pipeline* pipeline) {
  SeriesReader reader(&pipeline->cache, *pipeline->cache.databases().Find("d"), std::nullopt,
                      pipeline->clock.Read());
  std::vector<size_t> slots;
  do {
    slots.push_back(reader.Read([](const ReadRow&) { return ReadStep::kNextRow; }));
  } while (slots.back() > 0);
  return slots;
}

TEST(SeriesReader, WideRowsAreMoreSlots) {
  Pipeline pipeline;
  std::string lines;
  for (int row = 0; row < 1000; ++row) {
    lines += "m,t=" + std::to_string(row) + " v=0";
    for (int field = 0; field < 640; ++field) {
      lines += ",f" + std::to_string(field) + "=1";
    }
    lines += "\n";
  }
  lines += "n,t=" + std::string(8000, 'x') + " v=1\n";
  pipeline.Write(lines, "d");
  const std::vector<size_t> slots = SlotsOf(&pipeline);
  const size_t all = std::accumulate(slots.begin(), slots.end(), size_t{0});
  EXPECT_GE(all, 1000U * 11 + 8000 / 1024);
  EXPECT_LE(all, 1000U * 11 + 8000 / 64 + 64 * 4);
  EXPECT_LE(std::ranges::max(slots), SeriesReader::kSlotsPerLock + 8000 / 64);
}

TEST(SeriesReader, RowsAreVisitedWithNothingLocked) {
  Pipeline pipeline;
  pipeline.Write("m,t=a v=1,w=2", "d");
  SeriesReader reader(&pipeline.cache, *pipeline.cache.databases().Find("d"), "m",
                      pipeline.clock.Read());
  double sum = 0;
  while (reader.Read([&](const ReadRow& row) {
    EXPECT_EQ(row.cell_count(), 2U);
    pipeline.Write("m,t=a v=5", "d");
    row.ForEachValue([&](const ReadValue& value) { sum += value.value; });
    return ReadStep::kNextRow;
  }) > 0) {
  }
  EXPECT_EQ(sum, 7);
}

TEST(SeriesReader, ShowsEachValueOfAWideRowOnce) {
  constexpr size_t kFields = 2 * SeriesReader::kCellsPerLock + 1;
  Pipeline pipeline;
  std::string line = "m v=1";
  for (size_t i = 1; i < kFields; ++i) {
    line += ",f" + std::to_string(i) + "=1";
  }
  pipeline.Write(line, "d");
  SeriesReader reader(&pipeline.cache, *pipeline.cache.databases().Find("d"), "m",
                      pipeline.clock.Read());
  std::multiset<std::string> keys;
  while (reader.Read([&](const ReadRow& row) {
    row.ForEachValue([&](const ReadValue& value) { keys.emplace(value.key); });
    return ReadStep::kNextRow;
  }) > 0) {
  }
  EXPECT_EQ(keys.size(), kFields);
  EXPECT_EQ(std::set<std::string>(keys.begin(), keys.end()).size(), kFields);
}

}  // namespace
}  // namespace fluxgate
