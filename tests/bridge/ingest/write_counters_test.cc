#include "bridge/ingest/write_counters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace fluxgate {
namespace {

using testing::ElementsAre;
using testing::Pair;

const WriteTotals& TotalsOf(const WriteCounters::DatabaseTotals& database, WriteProtocol protocol) {
  return database.by_protocol[static_cast<size_t>(protocol)];
}

TEST(WriteCounters, StartsAtZero) {
  const WriteCounters::Snapshot snapshot = WriteCounters().Read();
  EXPECT_TRUE(snapshot.databases.empty());
  EXPECT_EQ(snapshot.last_push_ns, 0);
  EXPECT_EQ(snapshot.udp_parse_errors, 0u);
}

TEST(WriteCounters, AddsUpByDatabaseAndProtocol) {
  WriteCounters counters;
  const WriteTotals totals = {
      .requests = 1, .bytes = 20, .points = 3, .samples = 4, .historic_points = 5};
  counters.Add(WriteProtocol::kHttpV1, "b", totals, {}, 100);
  counters.Add(WriteProtocol::kHttpV1, "b", totals, {}, 90);
  counters.Add(WriteProtocol::kUdp, "b", totals, {}, 110);
  counters.Add(WriteProtocol::kHttpV2, "a", totals, {}, 50);
  const WriteCounters::Snapshot snapshot = counters.Read();
  ASSERT_EQ(snapshot.databases.size(), 2u);
  EXPECT_EQ(snapshot.databases[0].database, "a");
  EXPECT_EQ(snapshot.databases[0].last_write_ns, 50);
  const WriteCounters::DatabaseTotals& b = snapshot.databases[1];
  EXPECT_EQ(b.database, "b");
  EXPECT_EQ(b.last_write_ns, 110);
  const WriteTotals& v1 = TotalsOf(b, WriteProtocol::kHttpV1);
  EXPECT_EQ(v1.requests, 2u);
  EXPECT_EQ(v1.bytes, 40u);
  EXPECT_EQ(v1.points, 6u);
  EXPECT_EQ(v1.samples, 8u);
  EXPECT_EQ(v1.historic_points, 10u);
  EXPECT_EQ(TotalsOf(b, WriteProtocol::kUdp).requests, 1u);
  EXPECT_EQ(TotalsOf(b, WriteProtocol::kHttpV2).requests, 0u);
}

TEST(WriteCounters, NamesThatAreShownAlikeAreOneDatabase) {
  WriteCounters counters;
  counters.Add(WriteProtocol::kHttpV1, "\xE9", {.requests = 1}, {}, 1);
  counters.Add(WriteProtocol::kHttpV1, "\xC3\xA9", {.requests = 1}, {}, 1);
  counters.Add(WriteProtocol::kHttpV1, "\xE9", {.requests = 1}, {}, 1);
  const WriteCounters::Snapshot snapshot = counters.Read();
  ASSERT_EQ(snapshot.databases.size(), 1u);
  EXPECT_EQ(snapshot.databases[0].database, "\xC3\xA9");
  EXPECT_EQ(TotalsOf(snapshot.databases[0], WriteProtocol::kHttpV1).requests, 3u);
}

TEST(WriteCounters, AddsUpReasonsOfEachKind) {
  WriteCounters counters;
  WriteReasons reasons;
  reasons.rejected_lines = {{"missing_fields", 2}};
  reasons.dropped_samples = {{"string_field", 1}, {"reserved_name", 4}};
  reasons.leniencies = {{"bare_value", 3}};
  counters.Add(WriteProtocol::kHttpV1, "a", {}, reasons, 1);
  counters.Add(WriteProtocol::kUdp, "b", {}, reasons, 1);
  const WriteReasons sum = counters.Read().reasons;
  EXPECT_THAT(sum.rejected_lines, ElementsAre(Pair("missing_fields", 4)));
  EXPECT_THAT(sum.dropped_samples, ElementsAre(Pair("reserved_name", 8), Pair("string_field", 2)));
  EXPECT_THAT(sum.leniencies, ElementsAre(Pair("bare_value", 6)));
}

TEST(WriteCounters, TellsALimitedNumberOfDatabasesApart) {
  constexpr size_t kMax = WriteCounters::kDatabasesMax;
  WriteCounters counters;
  for (size_t i = 0; i < kMax - 1; ++i) {
    counters.Add(WriteProtocol::kHttpV1, "db" + std::to_string(i), {.requests = 1}, {}, 1);
  }
  EXPECT_EQ(counters.Read().databases.size(), kMax - 1);
  counters.Add(WriteProtocol::kHttpV1, "last", {.requests = 1}, {}, 1);
  EXPECT_EQ(counters.Read().databases.size(), kMax);
  for (int i = 0; i < 7; ++i) {
    counters.Add(WriteProtocol::kHttpV1, "more" + std::to_string(i), {.requests = 1}, {}, 1);
  }
  counters.Add(WriteProtocol::kHttpV1, "last", {.requests = 1}, {}, 1);
  uint64_t other = 0;
  uint64_t last = 0;
  const WriteCounters::Snapshot snapshot = counters.Read();
  for (const WriteCounters::DatabaseTotals& database : snapshot.databases) {
    const uint64_t requests = TotalsOf(database, WriteProtocol::kHttpV1).requests;
    other += database.database == WriteCounters::kOtherDatabase ? requests : 0;
    last += database.database == "last" ? requests : 0;
  }
  EXPECT_EQ(snapshot.databases.size(), kMax + 1);
  EXPECT_EQ(other, 7u);
  EXPECT_EQ(last, 2u);
}

TEST(WriteCounters, KeepsTheFiguresOfTheOldExporter) {
  WriteCounters counters;
  counters.SetLastPush(5);
  counters.SetLastPush(4);
  counters.AddUdpParseError();
  counters.AddUdpParseError();
  EXPECT_EQ(counters.Read().last_push_ns, 5) << "a request that began earlier ended later";
  EXPECT_EQ(counters.Read().udp_parse_errors, 2u);
}

TEST(WriteCounters, LosesNothingBetweenThreads) {
  WriteCounters counters;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&counters] {
      for (int i = 0; i < 1000; ++i) {
        counters.Add(WriteProtocol::kHttpV1, "d", {.points = 1}, {}, i);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(TotalsOf(counters.Read().databases.at(0), WriteProtocol::kHttpV1).points, 4000u);
}

}  // namespace
}  // namespace fluxgate
