#include "bridge/ingest/ingest.h"

#include "tests/bridge/ingest/write_feeder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fluxgate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr int64_t kSecond = 1'000'000'000;
constexpr std::string_view kHistoric = "m value=1 1600000000000000000\n";

void Send(WriteSide* side, std::string_view bytes, std::string_view database = "db") {
  WriteParams params;
  params.protocol = WriteProtocol::kUdp;
  params.database = database;
  side->ingest.TakeDatagram(bytes, params, "peer", side->clock.Read());
}

TEST(Ingest, DatabasesOfTheOptionsAreKnownBeforeAnythingIsWritten) {
  WriteSide side({.databases = {"fluentd", "another"}});
  EXPECT_THAT(side.cache.databases().Names(), ElementsAre("another", "fluentd"));
}

TEST(Ingest, DatagramIsOneBatch) {
  WriteSide side;
  Send(&side, "a value=1\nbad\nb value=2");
  EXPECT_THAT(side.Scrape(), HasSubstr("\na 1\n"));
  EXPECT_THAT(side.Scrape(), HasSubstr("\nb 2\n"));
  const WriteCounters::Snapshot counts = side.ingest.counters().Read();
  EXPECT_EQ(counts.udp_parse_errors, 1U);
  EXPECT_EQ(counts.last_push_ns, side.clock.Read().wall_ns);
  const WriteTotals& totals =
      counts.databases.at(0).by_protocol[static_cast<size_t>(WriteProtocol::kUdp)];
  EXPECT_EQ(totals.requests, 1U);
  EXPECT_EQ(totals.bytes, 23U);
  EXPECT_EQ(totals.points, 2U);
  EXPECT_EQ(totals.samples, 2U);
}

TEST(Ingest, DatagramWithoutAGoodLineIsNoPush) {
  WriteSide side;
  Send(&side, "bad\nworse\n");
  Send(&side, "");
  const WriteCounters::Snapshot counts = side.ingest.counters().Read();
  EXPECT_EQ(counts.udp_parse_errors, 1U) << "one a datagram";
  EXPECT_EQ(counts.last_push_ns, 0);
}

std::string LogOf(const std::function<void()>& act) {
  testing::internal::CaptureStderr();
  act();
  return testing::internal::GetCapturedStderr();
}

TEST(Ingest, HistoricPointsAreWarnedAboutOncePerDatabaseAndHour) {
  WriteSide side;
  EXPECT_THAT(LogOf([&] { Send(&side, kHistoric, "one"); }), HasSubstr("database=one"));
  EXPECT_EQ(LogOf([&] { Send(&side, kHistoric, "one"); }), "");
  EXPECT_THAT(LogOf([&] { Send(&side, kHistoric, "two"); }), HasSubstr("database=two"));
  side.clock.Advance(3599 * kSecond);
  EXPECT_EQ(LogOf([&] { Send(&side, kHistoric, "one"); }), "");
  side.clock.Advance(kSecond);
  EXPECT_THAT(LogOf([&] { Send(&side, kHistoric, "one"); }), HasSubstr("database=one"));
}

TEST(Ingest, WarningOfAThreadWhoseClockIsBehindIsNotRepeated) {
  WriteSide side;
  const Now late = side.clock.Read();
  side.clock.Advance(kSecond);
  EXPECT_THAT(LogOf([&] { Send(&side, kHistoric); }), HasSubstr("database=db"));
  WriteParams params;
  params.database = "db";
  EXPECT_EQ(LogOf([&] { side.ingest.TakeDatagram(kHistoric, params, "peer", late); }), "");
}

TEST(Ingest, WarningsAreForABoundedNumberOfDatabases) {
  WriteSide side;
  std::string log = LogOf([&] {
    for (int i = 0; i < 150; ++i) {
      Send(&side, kHistoric, "db" + std::to_string(i));
    }
  });
  EXPECT_EQ(std::ranges::count(log, '\n'), 100);
}

}  // namespace
}  // namespace fluxgate
