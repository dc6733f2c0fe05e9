#include "bridge/cache/family_cursor.h"

#include "tests/bridge/cache/pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fluxgate {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

PipelineOptions FewShards() {
  PipelineOptions options;
  options.cache.shard_bits = 1;
  return options;
}

std::string Scrape(Pipeline* pipeline, bool timestamps) {
  FamilyCursor cursor(&pipeline->cache, prom::ExpositionFormat::kText, timestamps,
                      pipeline->clock.Read());
  return ReadAll(&cursor);
}

TEST(FamilyCursor, EmptyCacheHasNoFamilies) {
  Pipeline pipeline;
  FamilyCursor cursor(&pipeline.cache, prom::ExpositionFormat::kText, false, pipeline.clock.Read());
  EXPECT_FALSE(cursor.NextFamily());
}

TEST(FamilyCursor, FamiliesComeInNameOrderWithHelpAndType) {
  Pipeline pipeline(FewShards());
  pipeline.Write("b value=1\na,t=x value=2,c=3\n");
  EXPECT_EQ(pipeline.Scrape(),
            "# HELP a InfluxDB Metric\n# TYPE a untyped\na{t=\"x\"} 2\n"
            "# HELP a_c InfluxDB Metric\n# TYPE a_c untyped\na_c{t=\"x\"} 3\n"
            "# HELP b InfluxDB Metric\n# TYPE b untyped\nb 1\n");
}

TEST(FamilyCursor, PiecesOfAnySizeMakeTheSameText) {
  Pipeline pipeline(FewShards());
  for (int i = 0; i < 40; ++i) {
    pipeline.Write("m" + std::to_string(i % 4) + ",i=" + std::to_string(i) + " value=1,b=2\n");
  }
  const std::string whole = pipeline.Scrape();
  for (size_t size = 1; size < 200; ++size) {
    ASSERT_EQ(pipeline.Scrape(prom::ExpositionFormat::kText, size), whole) << size;
  }
}

TEST(FamilyCursor, PieceIsLongerThanToldByOneSampleAtMost) {
  Pipeline pipeline(FewShards());
  for (int i = 0; i < 200; ++i) {
    pipeline.Write("m,i=" + std::to_string(i) + " value=1\n");
  }
  FamilyCursor cursor(&pipeline.cache, prom::ExpositionFormat::kText, false, pipeline.clock.Read());
  ASSERT_TRUE(cursor.NextFamily());
  std::string piece;
  size_t samples = 0;
  while (cursor.Append(100, &piece)) {
    EXPECT_GE(piece.size(), 100U);
    EXPECT_LE(piece.size(), 100 + 70U);
    samples += SampleLines(piece).size();
    piece.clear();
  }
  EXPECT_EQ(samples + SampleLines(piece).size(), 200U);
  EXPECT_FALSE(cursor.NextFamily());
}

TEST(FamilyCursor, ExpiredSamplesAreNotShownBeforeTheyAreSwept) {
  Pipeline pipeline(FewShards());
  pipeline.Write("m,t=old value=1\nn value=1\n");
  pipeline.clock.Advance(200 * kSecond);
  pipeline.Write("m,t=new value=2\n");
  pipeline.clock.Advance(101 * kSecond);
  EXPECT_EQ(pipeline.Scrape(), "# HELP m InfluxDB Metric\n# TYPE m untyped\nm{t=\"new\"} 2\n");
}

TEST(FamilyCursor, TimestampsAreMillisecondsUnlessFarAhead) {
  PipelineOptions options = FewShards();
  options.cache.sample_age_max_ns = 0;
  Pipeline pipeline(options);
  const int64_t now = pipeline.clock.Read().wall_ns;
  const auto line = [](std::string_view name, int64_t time_ns) {
    return std::string(name) + " value=1 " + std::to_string(time_ns) + "\n";
  };
  pipeline.Write(line("a", now + 1'999'999) + line("b", now + 600 * kSecond) +
                 line("c", now + 600 * kSecond + 1) + line("d", INT64_MAX - 1) +
                 line("e", INT64_MIN + 2) + line("f", 0));
  EXPECT_THAT(SampleLines(Scrape(&pipeline, true)),
              testing::ElementsAre("a 1 1700000000001", "b 1 1700000600000", "c 1", "d 1",
                                   "e 1 -9223372036854", "f 1 0"));
  EXPECT_THAT(SampleLines(Scrape(&pipeline, false)),
              testing::ElementsAre("a 1", "b 1", "c 1", "d 1", "e 1", "f 1"));
}

}  // namespace
}  // namespace fluxgate
