#include "protocol/influx/time_zone.h"

#include <gtest/gtest.h>

namespace fluxgate::influx {
namespace {

TEST(ParseZoneOffset, AbbreviationsInAnyCase) {
  EXPECT_EQ(ParseZoneOffset("EDT"), -4 * 3600);
  EXPECT_EQ(ParseZoneOffset("est"), -5 * 3600);
  EXPECT_EQ(ParseZoneOffset("CEST"), 2 * 3600);
  EXPECT_EQ(ParseZoneOffset("UTC"), 0);
  EXPECT_EQ(ParseZoneOffset("Z"), 0);
  EXPECT_EQ(ParseZoneOffset("IST"), 5 * 3600 + 1800);
}

TEST(ParseZoneOffset, Offsets) {
  EXPECT_EQ(ParseZoneOffset("+0200"), 7200);
  EXPECT_EQ(ParseZoneOffset("-05:30"), -(5 * 3600 + 1800));
  EXPECT_EQ(ParseZoneOffset("+2"), 7200);
  EXPECT_EQ(ParseZoneOffset("UTC-11"), -11 * 3600);
}

TEST(ParseZoneOffset, WhatIsNoZone) {
  for (const char* text : {"", "+", "-", "+2x", "+99", "+02:", "+02:60", "XYZ", "ED", "+12345"}) {
    EXPECT_EQ(ParseZoneOffset(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace fluxgate::influx
