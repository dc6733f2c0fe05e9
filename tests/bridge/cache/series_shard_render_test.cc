// A scrape in progress while series come and go between its pieces.
#include "bridge/cache/family_cursor.h"

#include "tests/bridge/cache/line_generator.h"
#include "tests/bridge/cache/pipeline.h"
#include "tests/reference/reference_cache.h"
#include "tests/reference/reference_exposition_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <set>

namespace fluxgate {
namespace {

using testing::ElementsAre;

constexpr int64_t kSecond = 1'000'000'000;

PipelineOptions FewShards() {
  PipelineOptions options;
  options.cache.shard_bits = 1;
  return options;
}

// A scrape that goes on one sample at a time.
class SlowScrape {
 public:
  explicit SlowScrape(Pipeline* pipeline)
      : cursor_(&pipeline->cache, prom::ExpositionFormat::kText, false, pipeline->clock.Read()) {}

  // Reads on until one more sample is there; false at the end.
  bool Step() {
    const size_t size = text_.size();
    while (text_.size() == size) {
      if (!in_family_ && !cursor_.NextFamily()) {
        return false;
      }
      in_family_ = cursor_.Append(text_.size() + 1, &text_);
    }
    return true;
  }

  const std::string& Rest() {
    while (Step()) {
    }
    return text_;
  }

 private:
  FamilyCursor cursor_;
  bool in_family_ = false;
  std::string text_;
};

std::set<std::string> SeriesOf(std::string_view text) {
  const reference::ParsedExposition parsed =
      reference::ParseExposition(reference::ExpositionSyntax::kText, text);
  EXPECT_EQ(parsed.error, "") << text;
  std::set<std::string> series;
  for (const std::string& line : SampleLines(text)) {
    const std::string name = line.substr(0, line.rfind(' '));
    EXPECT_TRUE(series.insert(name).second) << name << " twice in\n" << text;
  }
  for (const reference::ExpositionFamily& family : parsed.families) {
    EXPECT_FALSE(family.samples.empty()) << family.name;
  }
  return series;
}

TEST(ScrapeInProgress, NewRowsAreNotSeen) {
  Pipeline pipeline(FewShards());
  pipeline.Write("a,t=1 value=1\nc,t=1 value=1\n");
  SlowScrape scrape(&pipeline);
  ASSERT_TRUE(scrape.Step());
  pipeline.Write("a,t=2 value=1\nb,t=1 value=1\nc,t=2 value=1\nd,t=1 value=1\n");
  EXPECT_THAT(SeriesOf(scrape.Rest()), ElementsAre(R"(a{t="1"})", R"(c{t="1"})"));
}

TEST(ScrapeInProgress, NewRowInTheSlotOfADeadOneIsNotSeen) {
  Pipeline pipeline(FewShards());
  std::string all;
  for (int i = 0; i < 20; ++i) {
    all += "c,t=" + std::to_string(i) + " value=1\n";
  }
  pipeline.Write("a value=1\n" + all);
  SlowScrape scrape(&pipeline);
  ASSERT_TRUE(scrape.Step());
  pipeline.clock.Advance(301 * kSecond);
  pipeline.Sweep();
  pipeline.Write(all);
  EXPECT_THAT(SeriesOf(scrape.Rest()), ElementsAre("a"));
}

TEST(ScrapeInProgress, FamilyWhoseSamplesAreGoneHasNoHeader) {
  Pipeline pipeline(FewShards());
  pipeline.Write("a value=1\nb,t=1 value=1\nb,t=2 value=1\nc value=1\n");
  SlowScrape scrape(&pipeline);
  ASSERT_TRUE(scrape.Step());
  pipeline.clock.Advance(200 * kSecond);
  pipeline.Write("c value=2\n");
  pipeline.clock.Advance(101 * kSecond);
  pipeline.Sweep();
  EXPECT_THAT(SeriesOf(scrape.Rest()), ElementsAre("a", "c"));
}

TEST(ScrapeInProgress, ValuesAreThoseOfTheMomentOfReading) {
  Pipeline pipeline(FewShards());
  pipeline.Write("a value=1\nb value=1\n");
  SlowScrape scrape(&pipeline);
  ASSERT_TRUE(scrape.Step());
  pipeline.Write("a value=2\nb value=2\n");
  EXPECT_THAT(SampleLines(scrape.Rest()), ElementsAre("a 1", "b 2"));
}

// The series a_b_c{t="1"} is fed by table `a`, and then, in the middle of a scrape, by table `a_b`,
// which feeds the family already.
TEST(ScrapeInProgress, SeriesThatChangesItsTableIsSeenOnce) {
  Pipeline pipeline(FewShards());
  pipeline.Write("a,t=1 b_c=1\n");
  std::string others = "a_b,t=1 x=1\n";
  for (int i = 2; i < 40; ++i) {  // so many that some share the shard of t="1"
    others += "a_b,t=" + std::to_string(i) + " c=1\n";
  }
  pipeline.clock.Advance(200 * kSecond);
  pipeline.Write(others);
  SlowScrape scrape(&pipeline);
  ASSERT_TRUE(scrape.Step());  // a_b_c{t="1"} stands first
  pipeline.clock.Advance(101 * kSecond);
  pipeline.Sweep();  // with the only cell of its column
  pipeline.Write("a_b,t=1 c=2\n");
  const std::set<std::string> series = SeriesOf(scrape.Rest());
  EXPECT_TRUE(series.contains(R"(a_b_c{t="1"})"));
  EXPECT_EQ(series.size(), 40U);
}

TEST(ScrapeInProgress, SeriesThatChangesItsTableTwiceIsSeenOnce) {
  Pipeline pipeline(FewShards());
  std::string others = "a_b,t=1 x=1\n";
  for (int i = 2; i < 40; ++i) {
    others += "a_b,t=" + std::to_string(i) + " c=1\n";
  }
  pipeline.Write("a,t=1 b_c=1\n");
  pipeline.clock.Advance(200 * kSecond);
  pipeline.Write(others);
  SlowScrape scrape(&pipeline);
  ASSERT_TRUE(scrape.Step());
  pipeline.clock.Advance(101 * kSecond);
  pipeline.Sweep();
  pipeline.Write("a_b,t=1 c=2\n");
  // A third table begins to feed the family.
  std::string third;
  for (int i = 40; i < 60; ++i) {
    third += "a,t=" + std::to_string(i) + " b_c=1\n";
  }
  pipeline.Write(third);
  EXPECT_EQ(SeriesOf(scrape.Rest()).size(), 40U);
}

// What existed throughout is seen exactly once, what never existed is not seen, at random.
TEST(ScrapeInProgress, WhateverHappensTheTextIsValidAndWhatStaysIsSeen) {
  for (uint64_t seed = 0; seed < 40 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    Pipeline pipeline(FewShards());
    reference::ReferenceCache model(pipeline.cache.options(), &pipeline.mapping);
    LineGenerator generator(seed);
    if (seed % 4 == 0) {
      generator.MakeSparse();
    }
    const auto write = [&](uint32_t lines_max) {
      const Now now = pipeline.clock.Read();
      const std::string batch = generator.Batch(now.wall_ns, lines_max);
      pipeline.Write(batch);
      model.Write(batch, "db", now);
    };
    const auto living = [&] {
      std::set<std::string> series;
      for (const reference::CachedSample& sample : model.Scrape(pipeline.clock.Read())) {
        series.insert(sample.labels.empty() ? sample.family
                                            : sample.family + "{" + sample.labels + "}");
      }
      return series;
    };
    for (int i = 0; i < 6; ++i) {
      write(25);
      pipeline.clock.Advance(50 * kSecond);
    }
    SlowScrape scrape(&pipeline);
    std::set<std::string> throughout = living();
    std::set<std::string> ever = throughout;
    while (scrape.Step()) {
      if (generator.Below(3) == 0) {
        pipeline.clock.Advance(int64_t{generator.Below(40)} * kSecond);
        pipeline.Sweep();
        model.Sweep(pipeline.clock.Read());
        const std::set<std::string> left = living();
        std::erase_if(throughout, [&](const std::string& name) { return !left.contains(name); });
      }
      write(3);
      ever.merge(living());
    }
    const std::set<std::string> seen = SeriesOf(scrape.Rest());
    EXPECT_TRUE(std::ranges::includes(seen, throughout));
    EXPECT_TRUE(std::ranges::includes(ever, seen));
  }
}

}  // namespace
}  // namespace fluxgate
