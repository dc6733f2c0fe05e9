#include "protocol/influx/time_layout.h"

#include <gtest/gtest.h>

namespace fluxgate::influx {
namespace {

TEST(ParseTimeLayout, Rfc3339) {
  EXPECT_EQ(ParseTimeLayout("2020-01-01T00:00:00Z", kRfc3339Layout, 3600), 1577836800000000000);
  EXPECT_EQ(ParseTimeLayout("2020-01-01T02:00:00.000000001+02:00", kRfc3339Layout, 0),
            1577836800000000001);
  EXPECT_EQ(ParseTimeLayout("1969-12-31T23:59:59.5Z", kRfc3339Layout, 0), -500000000);
  EXPECT_EQ(ParseTimeLayout("2000-02-29T00:00:00Z", kRfc3339Layout, 0), 951782400000000000);
}

TEST(ParseTimeLayout, LayoutsOfGo) {
  const int64_t time_ns = 1136239445000000000;  // Go's reference time
  EXPECT_EQ(ParseTimeLayout("Mon Jan  2 15:04:05 2006", "Mon Jan _2 15:04:05 2006", -7 * 3600),
            time_ns);
  EXPECT_EQ(ParseTimeLayout("Monday, 02-Jan-06 15:04:05 MST", "Monday, 02-Jan-06 15:04:05 MST", 0),
            time_ns);
  EXPECT_EQ(ParseTimeLayout("1/2/2006 3:04:05 PM -0700", "1/2/2006 3:04:05 PM -0700", 0), time_ns);
  EXPECT_EQ(
      ParseTimeLayout("02 January 2006 15:04:05.250", "02 January 2006 15:04:05.000", -7 * 3600),
      time_ns + 250000000);
  EXPECT_EQ(ParseTimeLayout("12:30 am", "3:04 pm", 0), 1800000000000);
}

TEST(ParseTimeLayout, AnOffsetGoesBeforeAZoneName) {
  const int64_t time_ns = 1577829600000000000;
  EXPECT_EQ(ParseTimeLayout("2020-01-01 +0200 EST", "2006-01-02 -0700 MST", 0), time_ns);
  EXPECT_EQ(ParseTimeLayout("2020-01-01 EST +0200", "2006-01-02 MST -0700", 0), time_ns);
  EXPECT_EQ(ParseTimeLayout("2020-01-01 +0200 XYZ", "2006-01-02 -0700 MST", 0), time_ns);
  EXPECT_EQ(ParseTimeLayout("2020-01-01 XYZ", "2006-01-02 MST", 0), std::nullopt);
}

TEST(ParseTimeLayout, WhatDoesNotFit) {
  EXPECT_EQ(ParseTimeLayout("2021-02-29", "2006-01-02", 0), std::nullopt);
  EXPECT_EQ(ParseTimeLayout("2021-13-01", "2006-01-02", 0), std::nullopt);
  EXPECT_EQ(ParseTimeLayout("2021-1-01", "2006-01-02", 0), std::nullopt);
  EXPECT_EQ(ParseTimeLayout("2021-01-01x", "2006-01-02", 0), std::nullopt);
  EXPECT_EQ(ParseTimeLayout("", "2006", 0), std::nullopt);
  EXPECT_EQ(ParseTimeLayout("9999-01-01", "2006-01-02", 0), std::nullopt);
  EXPECT_EQ(ParseTimeLayout("2021-01-01 24:00", "2006-01-02 15:04", 0), std::nullopt);
}

}  // namespace
}  // namespace fluxgate::influx
