#include "bridge/ingest/atomic_check.h"

#include "tests/bridge/ingest/write_feeder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace fluxgate {
namespace {

using testing::HasSubstr;

Feed Atomic(size_t piece = SIZE_MAX) {
  Feed feed;
  feed.protocol = WriteProtocol::kHttpV3;
  feed.accept_partial = false;
  feed.piece_size = [piece](size_t) { return piece; };
  return feed;
}

std::string Lines(int count) {
  std::string lines;
  for (int i = 0; i < count; ++i) {
    lines += "m,n=" + std::to_string(i % 50) + " value=" + std::to_string(i) + "\n";
  }
  return lines;
}

TEST(AtomicWrite, GoodBatchesAreStoredWhole) {
  WriteSide side;
  EXPECT_EQ(Post(&side, Lines(20'000), Atomic(1000)).status, 204);
  EXPECT_THAT(side.Scrape(), HasSubstr("m{n=\"49\"} 19999\n"));
  EXPECT_EQ(Post(&side, "", Atomic()).status, 204);
}

TEST(AtomicWrite, OneBadLineKeepsAllOut) {
  for (const std::string bad : {"bad\n", "m value=x\n", "m,a=1,a=2 value=1\n", "m value=1 99x"}) {
    WriteSide side;
    const Reply reply = Post(&side, Lines(20'000) + bad, Atomic(1000));
    EXPECT_EQ(reply.status, 400) << bad;
    EXPECT_THAT(reply.body, HasSubstr("\"line_number\":20001"));
    EXPECT_EQ(side.Scrape(), "");
    const WriteReasons reasons = side.ingest.counters().Read().reasons;
    EXPECT_EQ(reasons.rejected_lines.at(kAtomicBatchReason), 20'000u);
    EXPECT_EQ(reasons.rejected_lines.size(), 2u);
    EXPECT_EQ(side.ingest.rejections().Snapshot().size(), 1u);
  }
}

TEST(AtomicWrite, LineOfVeryManyFieldsIsOneLine) {
  WriteSide side;
  std::string wide = "m a=1";
  for (int i = 0; i < 5'000; ++i) {
    wide += ",f" + std::to_string(i) + "=1";
  }
  EXPECT_EQ(Post(&side, wide + "\nbad\n", Atomic()).status, 400);
  EXPECT_EQ(side.ingest.counters().Read().reasons.rejected_lines.at(kAtomicBatchReason), 1u);
  EXPECT_EQ(Post(&side, wide + "\n", Atomic()).status, 204);
  EXPECT_EQ(side.cache.series_count(), 5'001u);
}

TEST(AtomicWrite, LimitIsExactAndNothingIsStoredAboveIt) {
  const std::string body = Lines(10'000);
  IngestOptions options;
  options.atomic_size_max = body.size();
  WriteSide side(options);
  EXPECT_EQ(Post(&side, body + "\n", Atomic(777)).status, 413);
  EXPECT_EQ(side.Scrape(), "");
  EXPECT_EQ(Post(&side, body, Atomic(777)).status, 204);
  EXPECT_THAT(side.Scrape(), HasSubstr("m{n=\"49\"} 9999\n"));
}

}  // namespace
}  // namespace fluxgate
