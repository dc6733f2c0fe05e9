#include "bridge/ingest/rejection_log.h"

#include <gtest/gtest.h>

#include <thread>

namespace fluxgate {
namespace {

Rejection RejectionAt(int64_t time_ns) {
  return {.time_ns = time_ns, .peer = "p", .database = "d", .text = "t", .detail = "why"};
}

Rejection LatestOf(const RejectionLog& log) {
  return log.Snapshot().front().second.front();
}

TEST(RejectionLog, KeepsTheLastFewOfEachReasonNewestFirst) {
  RejectionLog log;
  log.Add("rare", RejectionAt(7));
  for (int i = 0; i < 50; ++i) {
    log.Add("frequent", RejectionAt(i));
  }
  const auto snapshot = log.Snapshot();
  ASSERT_EQ(snapshot.size(), 2u);
  EXPECT_EQ(snapshot[0].first, "frequent");
  ASSERT_EQ(snapshot[0].second.size(), RejectionLog::kPerReason);
  EXPECT_EQ(snapshot[0].second.front().time_ns, 49);
  EXPECT_EQ(snapshot[0].second.back().time_ns, 30);
  EXPECT_EQ(snapshot[1].first, "rare");
  ASSERT_EQ(snapshot[1].second.size(), 1u);
  EXPECT_EQ(snapshot[1].second.front().detail, "why");
}

TEST(RejectionLog, CutsLongTexts) {
  constexpr size_t kMax = RejectionLog::kTextSizeMax;
  for (const size_t size : {kMax - 1, kMax, kMax + 1, size_t{1} << 20}) {
    RejectionLog log;
    const std::string text(size, 'x');
    log.Add("r", {.time_ns = 1, .peer = text, .database = text, .text = text, .detail = text});
    const Rejection latest = LatestOf(log);
    const std::string cut(std::min(size, kMax), 'x');
    EXPECT_EQ(latest.peer, cut);
    EXPECT_EQ(latest.database, cut);
    EXPECT_EQ(latest.text, cut);
    EXPECT_EQ(latest.detail, cut);
  }
}

TEST(RejectionLog, DoesNotCutWithinACharacter) {
  for (size_t before = 0; before < 4; ++before) {
    RejectionLog log;
    Rejection rejection;
    rejection.text = std::string(RejectionLog::kTextSizeMax - before, 'x') + "\U0001F600 tail";
    log.Add("r", rejection);
    EXPECT_EQ(LatestOf(log).text, std::string(RejectionLog::kTextSizeMax - before, 'x'));
  }
  RejectionLog log;
  Rejection rejection;
  rejection.text = std::string(1000, '\x80');
  log.Add("r", rejection);
  EXPECT_EQ(LatestOf(log).text.size(), RejectionLog::kTextSizeMax - 3);
}

TEST(RejectionLog, TakesRejectionsFromManyThreads) {
  RejectionLog log;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&log] {
      for (int i = 0; i < 500; ++i) {
        log.Add("r", RejectionAt(i));
        EXPECT_LE(log.Snapshot().front().second.size(), RejectionLog::kPerReason);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(log.Snapshot().front().second.size(), RejectionLog::kPerReason);
}

}  // namespace
}  // namespace fluxgate
