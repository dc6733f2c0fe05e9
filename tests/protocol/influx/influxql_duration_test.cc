#include "protocol/influx/influxql_duration.h"

#include <gtest/gtest.h>

namespace fluxgate::influx {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

TEST(InfluxqlDuration, ReadsAllUnits) {
  EXPECT_EQ(ParseDuration("1w2d"), 9 * 24 * 3600 * kSecond);
  EXPECT_EQ(ParseDuration("1h30m5s"), 5405 * kSecond);
  EXPECT_EQ(ParseDuration("1ms2u3ns"), 1'002'003);
  EXPECT_EQ(ParseDuration("4\xC2\xB5"), 4000);
  EXPECT_EQ(ParseDuration("0s"), 0);
  for (const std::string_view bad : {"", "1", "h", "1x", "-1h", "1h2", "20000000w"}) {
    EXPECT_EQ(ParseDuration(bad), std::nullopt) << bad;
  }
}

TEST(InfluxqlDuration, WritesTheGreatestUnit) {
  EXPECT_EQ(FormatDuration(0), "0s");
  EXPECT_EQ(FormatDuration(9 * 24 * 3600 * kSecond), "9d");
  EXPECT_EQ(FormatDuration(14 * 24 * 3600 * kSecond), "2w");
  EXPECT_EQ(FormatDuration(90 * 60 * kSecond), "90m");
  EXPECT_EQ(FormatDuration(1000), "1u");
  EXPECT_EQ(FormatDuration(1001), "1001ns");
}

TEST(InfluxqlDuration, WritesHoursMinutesSeconds) {
  EXPECT_EQ(FormatClockDuration(0), "0s");
  EXPECT_EQ(FormatClockDuration(61 * kSecond), "1m1s");
  EXPECT_EQ(FormatClockDuration(168 * 3600 * kSecond), "168h0m0s");
}

}  // namespace
}  // namespace fluxgate::influx
