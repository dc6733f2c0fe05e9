#include "bridge/cache/series_shard.h"

#include "tests/bridge/cache/plain_mapper.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace fluxgate {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

class SeriesShardTest : public testing::Test {
 protected:
  SeriesShardTest()
      : databases_(10),
        limits_(options_),
        context_{Freshness(options_), &databases_, &limits_, &families_, &rows_, &epoch_},
        shard_(0, context_) {}

  RowRef Write(std::string_view table, std::string_view labels,
               std::vector<CacheField> fields = {{"x", 1}}) {
    const CachePoint point{{}, 0, static_cast<uint32_t>(fields.size()), now_.wall_ns};
    const PointSlice slice{{&point, 1}, fields};
    return shard_.WriteMapped({&slice, {}, now_, &mapper_, &counts_}, slice.points[0],
                              {table, labels, 0}, SeriesTable::HashLabels(labels));
  }

  bool WriteKnown(const RowRef& row) {
    const CacheField field{"x", 2};
    const CachePoint point{{}, 0, 1, now_.wall_ns};
    const PointSlice slice{{&point, 1}, {&field, 1}};
    return shard_.WriteKnown({&slice, {}, now_, &mapper_, &counts_}, slice.points[0], row);
  }

  void Expire() { now_.tick += 301 * kTicksPerSecond; }

  const CacheOptions options_;
  DatabaseRegistry databases_;
  SeriesLimits limits_;
  FamilyIndex families_;
  std::atomic<uint64_t> rows_{0};
  std::atomic<uint32_t> epoch_{1};
  const ShardContext context_;
  SeriesShard shard_;
  PlainMapper mapper_;
  WriteCounts counts_;
  Now now_{1'700'000'000 * kSecond, 1000};
};

TEST_F(SeriesShardTest, RowOfARouteIsKnownWhileItLives) {
  const RowRef row = Write("m", R"(a="1")");
  EXPECT_TRUE(WriteKnown(row));
  Expire();
  shard_.Sweep(now_, shard_.RoundSize());
  EXPECT_FALSE(WriteKnown(row));
  // The same slot, another row.
  const RowRef reborn = Write("m", R"(a="1")");
  EXPECT_EQ(reborn.row, row.row);
  EXPECT_FALSE(WriteKnown(row));
  EXPECT_TRUE(WriteKnown(reborn));
  EXPECT_FALSE(WriteKnown({0, 99, 0, 1, 0}));
  EXPECT_FALSE(WriteKnown({0, reborn.table, 99, reborn.version, 0}));
}

TEST_F(SeriesShardTest, SweepVisitsNoMoreRowsThanToldTo) {
  for (int i = 0; i < 1000; ++i) {
    Write("m", "a=\"" + std::to_string(i) + "\"");
  }
  Expire();
  for (uint64_t before = 1000; before > 0; before = rows_.load()) {
    shard_.Sweep(now_, 10);
    ASSERT_GE(rows_.load() + 10, before);
    ASSERT_LT(rows_.load(), before);
  }
  EXPECT_EQ(limits_.series_count(), 0U);
  EXPECT_EQ(families_.size(), 0U);
}

// Names that were used once must not slow down the sweep of every later write.
TEST_F(SeriesShardTest, TablesThatAreGoneCountAsVisits) {
  for (int i = 0; i < 1000; ++i) {
    Write("m" + std::to_string(i), "");
  }
  Expire();
  shard_.Sweep(now_, shard_.RoundSize() - 1);
  EXPECT_EQ(rows_.load(), 0U);
  Write("last", "");
  Expire();
  // Its number is one of those that are free, so the sweep has up to 1,000 others before it.
  int sweeps = 0;
  for (; rows_.load() > 0; ++sweeps) {
    shard_.Sweep(now_, 2);
  }
  EXPECT_LE(sweeps, 502);
  EXPECT_GE(sweeps, 400);
}

TEST_F(SeriesShardTest, OneRoundOfSlotsSweepsEverythingFromWhereverItBegins) {
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 30; ++i) {
      Write("m" + std::to_string(i % 7), "a=\"" + std::to_string(i) + "\"");
    }
    shard_.Sweep(now_, static_cast<size_t>(round));
    Expire();
    shard_.Sweep(now_, shard_.RoundSize());
    ASSERT_EQ(rows_.load(), 0U) << round;
  }
}

TEST_F(SeriesShardTest, CellsExpireOneByOne) {
  Write("m", R"(a="1")", {{"x", 1}, {"y", 1}, {"z", 1}});
  now_.tick += 200 * kTicksPerSecond;
  Write("m", R"(a="1")", {{"y", 1}});
  now_.tick += 101 * kTicksPerSecond;
  shard_.Sweep(now_, shard_.RoundSize());
  EXPECT_EQ(limits_.series_count(), 1U);
  EXPECT_EQ(families_.size(), 1U);
  Write("m", R"(a="1")", {{"x", 1}, {"y", 2}});
  EXPECT_EQ(limits_.series_count(), 2U);
  EXPECT_EQ(rows_.load(), 1U);
}

TEST_F(SeriesShardTest, FamilyOfManyTablesKeepsOneOwnerForEachLabelSet) {
  Write("a", R"(t="1")", {{"b_c", 1}});
  Write("a_b", R"(t="2")", {{"c", 2}});
  Write("a", R"(t="2")", {{"b_c", 3}});
  Write("a_b", R"(t="1")", {{"c", 4}});
  EXPECT_EQ(limits_.series_count(), 2U);
  EXPECT_EQ(rows_.load(), 2U);
  std::string name;
  std::vector<ColumnRef> columns;
  ASSERT_TRUE(families_.Next("", &name, &columns));
  EXPECT_EQ(columns.size(), 2U);
  Expire();
  shard_.Sweep(now_, shard_.RoundSize());
  EXPECT_EQ(limits_.series_count(), 0U);
  EXPECT_EQ(families_.size(), 0U);
}

// Names of fields may be as many as rows: what a column costs follows its own cells.
TEST_F(SeriesShardTest, ColumnOfFewRowsIsRenderedAtOnceHoweverManyTheTableHas) {
  constexpr int kRows = 50'000;
  for (int i = 0; i < kRows; ++i) {
    Write("m", "a=\"" + std::to_string(i) + "\"", {{"f" + std::to_string(i % 10'000), 1}});
  }
  epoch_ = 2;
  const prom::FamilyEncoder encoder(prom::ExpositionFormat::kText,
                                    {"m", prom::MetricType::kUnknown, "", {}});
  std::string name;
  std::vector<ColumnRef> columns;
  std::string out;
  int samples = 0;
  while (families_.Next(name, &name, &columns)) {
    ColumnCursor cursor{columns.front()};
    bool has_header = false;
    out.clear();
    ASSERT_TRUE(shard_.Render({&encoder, now_, 2, false}, SIZE_MAX, &cursor, &has_header, &out));
    samples += static_cast<int>(std::ranges::count(out, '\n')) - 1;  // # TYPE
  }
  EXPECT_EQ(samples, kRows);
}

// The lock is given back after as many rows that have nothing to show.
TEST_F(SeriesShardTest, RenderVisitsBoundedNumberOfRows) {
  for (int i = 0; i < 10'000; ++i) {
    Write("m", "a=\"" + std::to_string(i) + "\"");
  }
  epoch_ = 2;
  Expire();
  const prom::FamilyEncoder encoder(prom::ExpositionFormat::kText,
                                    {"m", prom::MetricType::kUnknown, "", {}});
  std::string name;
  std::vector<ColumnRef> columns;
  ASSERT_TRUE(families_.Next("", &name, &columns));
  ColumnCursor cursor{columns.front()};
  bool has_header = false;
  std::string out;
  int calls = 1;
  while (!shard_.Render({&encoder, now_, 2, false}, SIZE_MAX, &cursor, &has_header, &out)) {
    ++calls;
  }
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(out, "");
}

// Each field of the first table gets a second table that feeds its family.
TEST_F(SeriesShardTest, FamiliesOfTwoTablesKeepTheOwnersOfSparseColumns) {
  for (int i = 0; i < 300; ++i) {
    Write("a", "t=\"" + std::to_string(i) + "\"", {{"b_c" + std::to_string(i), 1}});
  }
  for (int i = 0; i < 300; ++i) {
    Write("a_b", "t=\"" + std::to_string(i) + "\"", {{"c" + std::to_string(i), 2}});
  }
  EXPECT_EQ(limits_.series_count(), 300U);
  Write("a_b", "t=\"1\"", {{"c2", 2}});
  EXPECT_EQ(limits_.series_count(), 301U);
}

}  // namespace
}  // namespace fluxgate
