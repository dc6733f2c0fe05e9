#include "bridge/cache/series_cache.h"

#include "tests/bridge/cache/pipeline.h"
#include "tests/bridge/cache/plain_mapper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fluxgate {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr int64_t kSecond = 1'000'000'000;

class SeriesCacheTest : public testing::Test {
 protected:
  SeriesCacheTest() : cache_(Options()) {}

  static CacheOptions Options() {
    CacheOptions options;
    options.shard_bits = 2;
    return options;
  }

  WriteCounts Write(std::string_view key, std::vector<CacheField> fields,
                    std::string_view database = "db") {
    return Batch()
        .Add(key, now().wall_ns, std::move(fields))
        .WriteTo(&cache_, now(), &mapper_, database);
  }
  static PlainBatch Batch() { return {}; }

  std::vector<std::string> Lines() {
    FamilyCursor cursor(&cache_, prom::ExpositionFormat::kText, false, now());
    return SampleLines(ReadAll(&cursor));
  }

  uint64_t CountOf(std::string_view database) {
    return cache_.databases().SeriesCount(cache_.databases().Find(database).value())->load();
  }

  Now now() const { return clock_.Read(); }

  ManualClock clock_;
  SeriesCache cache_;
  PlainMapper mapper_;
};

TEST_F(SeriesCacheTest, KnownSeriesAreNotMappedAgain) {
  EXPECT_EQ(Write(R"(m|a="1")", {{"x", 1}, {"y", 2}}).samples, 2U);
  EXPECT_EQ(mapper_.mapped_series, 1);
  EXPECT_EQ(mapper_.mapped_fields, 2);
  for (int i = 0; i < 10; ++i) {
    Write(R"(m|a="1")", {{"y", 3}, {"x", 4}});
    Write(R"(m|a="1")", {{"y", 5}});
  }
  EXPECT_EQ(mapper_.mapped_series, 1);
  EXPECT_EQ(mapper_.mapped_fields, 2);
  EXPECT_THAT(Lines(), ElementsAre(R"(m_x{a="1"} 4)", R"(m_y{a="1"} 5)"));
}

TEST_F(SeriesCacheTest, FieldsOfATableAreMappedOnceForAllRows) {
  for (const std::string_view key : {R"(m|a="1")", R"(m|a="2")", R"(m|a="3")", R"(m|a="4")"}) {
    Write(key, {{"x", 1}, {"y", 2}});
  }
  EXPECT_LE(mapper_.mapped_fields, 2 * 4);  // once a shard
  EXPECT_EQ(cache_.row_count(), 4U);
  EXPECT_EQ(cache_.family_count(), 2U);
}

TEST_F(SeriesCacheTest, OnlyAFewSpellingsOfASeriesAreRemembered) {
  std::vector<std::string> spellings;
  for (size_t i = 0; i < 20; ++i) {
    spellings.push_back("m|" + std::string(i, ' ') + R"(a="1")");
    Write(spellings.back(), {{"x", 1}});
  }
  EXPECT_EQ(cache_.route_count(), 8U);
  EXPECT_EQ(mapper_.mapped_series, 20);
  for (const std::string& spelling : spellings) {
    Write(spelling, {{"x", 2}});
  }
  EXPECT_EQ(mapper_.mapped_series, 20 + 12);
  EXPECT_EQ(cache_.row_count(), 1U);
}

TEST_F(SeriesCacheTest, SpellingsMayChangeOverTime) {
  for (size_t i = 0; i < 50; ++i) {
    clock_.Advance(250 * kSecond);
    const std::string spelling = "m|" + std::string(i, ' ') + R"(a="1")";
    Write(spelling, {{"x", 1}});
    const int mapped = mapper_.mapped_series;
    Write(spelling, {{"x", 2}});
    EXPECT_EQ(mapper_.mapped_series, mapped) << i;
    cache_.Sweep(now(), 1);
    EXPECT_LE(cache_.route_count(), 3U);
  }
}

// A batch names a known spelling behind an unknown one: the later line must win all the same.
TEST_F(SeriesCacheTest, PointsOfOneSeriesStayInOrderWhateverTheirSpelling) {
  Write(R"(m|a="1")", {{"x", 0}});
  const int64_t time = now().wall_ns;
  Batch()
      .Add(R"(m| a="1")", time, {{"x", 1}})
      .Add(R"(m|a="1")", time, {{"x", 2}})
      .WriteTo(&cache_, now(), &mapper_);
  EXPECT_THAT(Lines(), ElementsAre(R"(m_x{a="1"} 2)"));
  Batch()
      .Add(R"(m|a="1")", time, {{"x", 3}})
      .Add(R"(m|  a="1")", time, {{"x", 4}})
      .WriteTo(&cache_, now(), &mapper_);
  EXPECT_THAT(Lines(), ElementsAre(R"(m_x{a="1"} 4)"));
}

TEST_F(SeriesCacheTest, PointsOfOneSeriesStayInOrderWhenARouteIsStale) {
  Write(R"(m|a="1")", {{"x", 0}});
  clock_.Advance(301 * kSecond);
  cache_.Sweep(now(), 1);
  ASSERT_EQ(cache_.row_count(), 0U);
  // The row comes to life again under another spelling; the route of the first one is stale.
  Write(R"(m| a="1")", {{"x", 1}});
  const int64_t time = now().wall_ns;
  Batch()
      .Add(R"(m|a="1")", time, {{"x", 2}})
      .Add(R"(m| a="1")", time, {{"x", 3}})
      .Add(R"(m|  a="1")", time, {{"x", 4}})
      .Add(R"(m|a="2")", time, {{"x", 5}})
      .WriteTo(&cache_, now(), &mapper_);
  EXPECT_THAT(Lines(), ElementsAre(R"(m_x{a="1"} 4)", R"(m_x{a="2"} 5)"));
  EXPECT_THAT(mapper_.drops, IsEmpty());
  const int mapped = mapper_.mapped_series;
  Write(R"(m|a="1")", {{"x", 6}});
  EXPECT_EQ(mapper_.mapped_series, mapped) << "the route is good again";
}

TEST_F(SeriesCacheTest, PointsOfANewSeriesInOneSliceAreMappedOnceAndLeaveARoute) {
  const int64_t time = now().wall_ns;
  const std::string first = R"(m|a="1")";
  const std::string second = R"(m|a="2")";
  PlainBatch batch = Batch();
  for (int i = 0; i < 20; ++i) {
    batch.Add(first, time + i, {{"x", static_cast<double>(i)}});
    batch.Add(second, time + i, {{"x", static_cast<double>(-i)}, {"y", 1}});
  }
  batch.Add(first, time - 7200 * kSecond, {{"x", 99}});
  const WriteCounts counts = batch.WriteTo(&cache_, now(), &mapper_);
  EXPECT_EQ(counts.samples, 60U);
  EXPECT_EQ(counts.historic_points, 1U);
  EXPECT_EQ(mapper_.mapped_series, 2);
  EXPECT_EQ(cache_.route_count(), 2U);
  EXPECT_THAT(Lines(), ElementsAre(R"(m_x{a="1"} 19)", R"(m_x{a="2"} -19)", R"(m_y{a="2"} 1)"));
  Write(first, {{"x", 6}});
  Write(second, {{"x", 7}});
  EXPECT_EQ(mapper_.mapped_series, 2);
}

TEST_F(SeriesCacheTest, RouteThatMayNotBeRenewedIsForgotten) {
  Write(R"(m|a="1")", {{"x", 0}});
  clock_.Advance(301 * kSecond);
  cache_.Sweep(now(), 1);
  std::vector<std::string> spellings;
  for (size_t i = 1; i <= 8; ++i) {
    spellings.push_back("m|" + std::string(i, ' ') + R"(a="1")");
    Write(spellings.back(), {{"x", 1}});
  }
  Write(R"(m|a="1")", {{"x", 2}});
  EXPECT_LE(cache_.route_count(), 8U);
  EXPECT_THAT(Lines(), ElementsAre(R"(m_x{a="1"} 2)"));
}

TEST_F(SeriesCacheTest, RejectedAndEmptySeriesLeaveNothingBehind) {
  EXPECT_EQ(Write("no bar", {{"x", 1}}).samples, 0U);
  EXPECT_EQ(Write(R"(m|a="1")", {{"s", 0, false}}).samples, 0U);
  EXPECT_EQ(Write(R"(m|a="1")", {{"bad", 1}, {"s", 0, false}}).samples, 0U);
  EXPECT_EQ(mapper_.dropped_strings, 2);
  EXPECT_EQ(cache_.row_count(), 0U);
  EXPECT_EQ(cache_.series_count(), 0U);
  EXPECT_EQ(cache_.route_count(), 0U);
  EXPECT_THAT(cache_.FindByLabel("a", "1"), IsEmpty());
}

TEST_F(SeriesCacheTest, OlderPointLosesAndDoesNotRenew) {
  Write(R"(m|a="1")", {{"x", 1}});
  clock_.Advance(200 * kSecond);
  const WriteCounts counts = Batch()
                                 .Add(R"(m|a="1")", now().wall_ns - 201 * kSecond, {{"x", 2}})
                                 .WriteTo(&cache_, now(), &mapper_);
  EXPECT_EQ(counts.samples, 0U);
  EXPECT_THAT(mapper_.drops, ElementsAre("x: older_than_current"));
  EXPECT_THAT(Lines(), ElementsAre(R"(m_x{a="1"} 1)"));
  clock_.Advance(101 * kSecond);
  EXPECT_THAT(Lines(), IsEmpty());
}

TEST_F(SeriesCacheTest, ExpiredSampleLosesAgainstAnyTime) {
  Write(R"(m|a="1")", {{"x", 1}});
  clock_.Advance(301 * kSecond);
  Batch()
      .Add(R"(m|a="1")", now().wall_ns - 600 * kSecond, {{"x", 2}})
      .WriteTo(&cache_, now(), &mapper_);
  EXPECT_THAT(mapper_.drops, IsEmpty());
  EXPECT_THAT(Lines(), ElementsAre(R"(m_x{a="1"} 2)"));
}

TEST_F(SeriesCacheTest, FutureTimeDoesNotFreezeASeries) {
  Batch().Add(R"(m|a="1")", INT64_MAX, {{"x", 1}}).WriteTo(&cache_, now(), &mapper_);
  Write(R"(m|a="1")", {{"x", 2}});
  EXPECT_THAT(Lines(), ElementsAre(R"(m_x{a="1"} 2)"));
}

TEST_F(SeriesCacheTest, BackwardStepOfTheClockDoesNotFreezeASeries) {
  Write(R"(m|a="1")", {{"x", 1}});
  clock_.StepWall(-1000 * kSecond);
  Write(R"(m|a="1")", {{"x", 2}});
  EXPECT_THAT(Lines(), ElementsAre(R"(m_x{a="1"} 2)"));
}

TEST_F(SeriesCacheTest, HistoricPointsAreCountedAndNotStored) {
  const int64_t old = now().wall_ns - 3600 * kSecond - 1;
  const auto write = [&] {
    return Batch().Add(R"(m|a="1")", old, {{"x", 1}}).WriteTo(&cache_, now(), &mapper_);
  };
  EXPECT_EQ(write().historic_points, 1U);
  EXPECT_EQ(cache_.row_count(), 0U);
  Write(R"(m|a="1")", {{"x", 2}});
  const WriteCounts counts = write();
  EXPECT_EQ(counts.historic_points, 1U);
  EXPECT_EQ(counts.samples, 0U);
  EXPECT_THAT(Lines(), ElementsAre(R"(m_x{a="1"} 2)"));
}

TEST_F(SeriesCacheTest, RowBelongsToTheDatabaseThatWroteLast) {
  Write(R"(m|a="1")", {{"x", 1}, {"y", 1}}, "one");
  Write(R"(m|a="2")", {{"x", 1}}, "one");
  EXPECT_EQ(CountOf("one"), 3U);
  Write(R"(m|a="1")", {{"z", 1}}, "two");
  EXPECT_EQ(CountOf("one"), 1U);
  EXPECT_EQ(CountOf("two"), 3U);
  EXPECT_THAT(cache_.FindByDatabase("one"), ElementsAre(R"(a="2")"));
  EXPECT_THAT(cache_.FindByDatabase("two"), ElementsAre(R"(a="1")"));
  EXPECT_THAT(cache_.FindByDatabase("three"), IsEmpty());
  for (int i = 0; i < 50; ++i) {
    Write(R"(m|a="1")", {{"x", 1}}, i % 2 == 0 ? "one" : "two");
  }
  EXPECT_THAT(cache_.FindByDatabase("one"), ElementsAre(R"(a="2")"));
  EXPECT_THAT(cache_.FindByDatabase("two"), ElementsAre(R"(a="1")"));
}

TEST_F(SeriesCacheTest, StringsAloneDoNotMoveARow) {
  Write(R"(m|a="1")", {{"x", 1}}, "one");
  Write(R"(m|a="1")", {{"s", 0, false}}, "two");
  EXPECT_THAT(cache_.FindByDatabase("one"), ElementsAre(R"(a="1")"));
}

TEST_F(SeriesCacheTest, SeriesOfTwoTablesIsOne) {
  Write(R"(a|t="1")", {{"b_c", 1}}, "one");
  Write(R"(a_b|t="1")", {{"c", 2}}, "two");
  EXPECT_THAT(Lines(), ElementsAre(R"(a_b_c{t="1"} 2)"));
  EXPECT_EQ(cache_.series_count(), 1U);
  EXPECT_EQ(cache_.row_count(), 1U);
  EXPECT_EQ(CountOf("two"), 1U);
  EXPECT_THAT(cache_.FindByDatabase("two"), ElementsAre(R"(t="1")"));
}

TEST_F(SeriesCacheTest, LabelsAreFoundWhole) {
  Write(R"(m|a="1",b="2")", {{"x", 1}});
  Write(R"(m|a="12")", {{"x", 1}});
  Write(R"(n|a="1")", {{"x", 1}});
  EXPECT_THAT(cache_.FindByLabel("a", "1"), UnorderedElementsAre(R"(a="1",b="2")", R"(a="1")"));
  EXPECT_THAT(cache_.FindByLabel("b", "2"), ElementsAre(R"(a="1",b="2")"));
  EXPECT_THAT(cache_.FindByLabel("b", "1"), IsEmpty());
  EXPECT_THAT(cache_.FindByLabel("", ""), IsEmpty());
}

TEST_F(SeriesCacheTest, WritesOfNewSeriesSweepToo) {
  for (int i = 0; i < 200; ++i) {
    Write("m|a=\"" + std::to_string(i) + "\"", {{"x", 1}});
  }
  clock_.Advance(301 * kSecond);
  for (int i = 0; i < 1000; ++i) {
    Write("m|a=\"w" + std::to_string(i) + "\"", {{"x", 1}});
  }
  EXPECT_EQ(cache_.row_count(), 1000U);
}

TEST_F(SeriesCacheTest, PartsOfASweepGoOnceRound) {
  for (const unsigned parts : {1U, 2U, 7U, 60U}) {
    for (int i = 0; i < 300; ++i) {
      Write("m" + std::to_string(i % 5) + "|a=\"" + std::to_string(i) + "\"", {{"x", 1}});
    }
    clock_.Advance(301 * kSecond);
    for (unsigned part = 0; part < parts; ++part) {
      cache_.Sweep(now(), parts);
    }
    EXPECT_EQ(cache_.row_count(), 0U) << parts;
    EXPECT_EQ(cache_.family_count(), 0U) << parts;
  }
}

TEST_F(SeriesCacheTest, LimitCountsComeBackWhenSeriesExpire) {
  CacheOptions options = Options();
  options.series_max = 3;
  SeriesCache cache(options);
  const auto write = [&](std::string_view key) {
    return Batch().Add(key, now().wall_ns, {{"x", 1}}).WriteTo(&cache, now(), &mapper_).samples;
  };
  EXPECT_EQ(write(R"(m|a="1")") + write(R"(m|a="2")") + write(R"(m|a="3")"), 3U);
  EXPECT_EQ(write(R"(m|a="4")"), 0U);
  EXPECT_THAT(mapper_.drops, ElementsAre("x: series_limit"));
  EXPECT_EQ(write(R"(m|a="2")"), 1U) << "existing series go on";
  EXPECT_EQ(cache.row_count(), 3U);
  clock_.Advance(301 * kSecond);
  cache.Sweep(now(), 1);
  EXPECT_EQ(write(R"(m|a="4")"), 1U);
}

TEST_F(SeriesCacheTest, NewFieldCountsAgainstTheDatabaseThatWritesIt) {
  CacheOptions options = Options();
  options.series_per_database_max = 1;
  SeriesCache cache(options);
  const auto write = [&](std::string_view field, std::string_view database) {
    return Batch()
        .Add(R"(m|a="1")", now().wall_ns, {{field, 1}})
        .WriteTo(&cache, now(), &mapper_, database)
        .samples;
  };
  EXPECT_EQ(write("x", "one"), 1U);
  EXPECT_EQ(write("y", "one"), 0U);
  EXPECT_EQ(write("x", "two"), 1U);
  EXPECT_EQ(write("y", "two"), 0U) << "the row is two's now, and has its one series";
}

TEST_F(SeriesCacheTest, WideRowsMayHaveTheirFieldsInAnyOrder) {
  constexpr int kFields = 2000;
  std::vector<std::string> keys;
  for (int i = 0; i < kFields; ++i) {
    keys.push_back("f" + std::to_string(i));
  }
  std::vector<CacheField> up;
  std::vector<CacheField> down;
  std::vector<CacheField> odd;
  for (int i = 0; i < kFields; ++i) {
    up.push_back({keys[static_cast<size_t>(i)], 1.0 * i});
    down.push_back({keys[static_cast<size_t>(kFields - 1 - i)], 1.0 * (kFields - 1 - i)});
    if (i % 2 == 1) {
      odd.push_back(up.back());
    }
  }
  Write(R"(m|a="1")", up);
  Write(R"(m|a="2")", down);
  clock_.Advance(200 * kSecond);
  Write(R"(m|a="2")", odd);
  clock_.Advance(101 * kSecond);
  cache_.Sweep(now(), 1);
  EXPECT_EQ(cache_.series_count(), odd.size());
  Write(R"(m|a="1")", down);
  const std::vector<std::string> lines = Lines();
  ASSERT_EQ(lines.size(), odd.size() + down.size());
  for (int i = 0; i < kFields; ++i) {
    const std::string line = "m_f" + std::to_string(i) + "{a=\"1\"} " + std::to_string(i);
    ASSERT_TRUE(std::ranges::binary_search(lines, line)) << line;
  }
}

TEST_F(SeriesCacheTest, LabelSetsSpreadOverTheShards) {
  CacheOptions options;
  options.shard_bits = 4;
  options.series_max = 100'000;
  SeriesCache cache(options);
  for (int i = 0; i < 1600; ++i) {
    const std::string key = "m|a=\"" + std::to_string(i) + "\"";
    Batch().Add(key, now().wall_ns, {{"x", 1}}).WriteTo(&cache, now(), &mapper_);
  }
  // Each shard maps the field for itself when its first row comes.
  EXPECT_EQ(mapper_.mapped_fields, 16);
}

}  // namespace
}  // namespace fluxgate
