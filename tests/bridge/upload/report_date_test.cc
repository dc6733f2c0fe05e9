#include "bridge/upload/report_date.h"

#include <gtest/gtest.h>

namespace fluxgate {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

constexpr int64_t kNow = 1656295711 * kSecond;  // 2022-06-27 02:08:31 UTC

ReportZones Zones() {
  return {absl::FixedTimeZone(3600), {}};
}

TEST(ParseReportDate, ZoneAbbreviationInTheMiddle) {
  EXPECT_EQ(
      ParseReportDate("Sun Jun 26 22:08:31 EDT 2022", "%a %b %d %H:%M:%S %Z %Y", "", Zones(), kNow),
      1656295711 * kSecond);
  EXPECT_EQ(
      ParseReportDate("Sun Jun 26 22:08:31 UTC 2022", "%a %b %d %H:%M:%S %Z %Y", "", Zones(), kNow),
      1656281311 * kSecond);
}

TEST(ParseReportDate, OffsetsGroupsAndTheDefaultZone) {
  EXPECT_EQ(ParseReportDate("2022-06-26 22:08:31 +0200", "%Y-%m-%d %H:%M:%S %z", "", Zones(), kNow),
            1656274111 * kSecond);
  EXPECT_EQ(ParseReportDate("2022-06-26 22:08:31", "%Y-%m-%d %H:%M:%S", "", Zones(), kNow),
            1656277711 * kSecond);
  EXPECT_EQ(ParseReportDate("2022-06-26 22:08:31", "%Y-%m-%d %H:%M:%S", "EDT", Zones(), kNow),
            1656295711 * kSecond);
  EXPECT_EQ(ParseReportDate("1656295711", "%s", "", Zones(), kNow), 1656295711 * kSecond);
}

TEST(ParseReportDate, OwnZonesGoFirst) {
  ReportZones zones = Zones();
  zones.known.emplace("EDT", absl::FixedTimeZone(0));
  EXPECT_EQ(ParseReportDate("26.06.2022 22:08 EDT", "%d.%m.%Y %H:%M %Z", "", zones, kNow),
            1656281280 * kSecond);
}

TEST(ParseReportDate, AFormatWithoutAYearMeansTheLastOne) {
  constexpr int64_t kDay = 24 * 3600 * kSecond;
  const auto parse = [](const std::string& text) {
    return ParseReportDate(text, "%b %d %H:%M:%S", "UTC", Zones(), kNow);
  };
  EXPECT_EQ(parse("Jun 27 02:08:31"), kNow);
  EXPECT_EQ(parse("Jun 26 02:08:31"), kNow - kDay);
  EXPECT_EQ(parse("Jun 27 02:08:32"), kNow + kSecond);  // a clock that is a little ahead
  EXPECT_EQ(parse("Jun 28 02:08:31"), kNow + kDay);
  EXPECT_EQ(parse("Jun 28 02:08:32"), kNow + kDay + kSecond - 365 * kDay);
  EXPECT_EQ(parse("Dec 31 23:59:59"), 1640995199 * kSecond);
  EXPECT_EQ(parse("Feb 29 00:00:00"), 1582934400 * kSecond);  // of 2020
  EXPECT_EQ(parse("Feb 30 00:00:00"), std::nullopt);
}

TEST(ParseReportDate, AtTheTurnOfTheYear) {
  constexpr int64_t kNewYear = 1640995200 * kSecond;  // 2022-01-01 00:00:00 UTC
  const auto parse = [](const std::string& text, int64_t now_ns) {
    return ParseReportDate(text, "%b %d %H:%M:%S %Z", "", Zones(), now_ns);
  };
  EXPECT_EQ(parse("Dec 31 23:59:59 UTC", kNewYear), kNewYear - kSecond);
  EXPECT_EQ(parse("Jan 01 00:00:00 UTC", kNewYear - kSecond), kNewYear);
  EXPECT_EQ(parse("Jan 01 00:00:00 CET", kNewYear), kNewYear - 3600 * kSecond);
}

TEST(ParseReportDate, WhatDoesNotFit) {
  EXPECT_EQ(ParseReportDate("Sun Jun 26", "%a %b %d %Y", "", Zones(), kNow), std::nullopt);
  EXPECT_EQ(ParseReportDate("2022 x", "%Y", "", Zones(), kNow), std::nullopt);
  EXPECT_EQ(ParseReportDate("2022 XYZ", "%Y %Z", "", Zones(), kNow), std::nullopt);
  EXPECT_EQ(ParseReportDate("2022 ", "%Y %Z", "", Zones(), kNow), std::nullopt);
  EXPECT_EQ(ParseReportDate("9022", "%Y", "", Zones(), kNow), std::nullopt);
  EXPECT_EQ(ParseReportDate("31.02.2022", "%d.%m.%Y", "", Zones(), kNow), std::nullopt);
  // It is there, but reports do not make the process load it.
  EXPECT_EQ(ParseReportDate("2022 Europe/Berlin", "%Y %Z", "", Zones(), kNow), std::nullopt);
  EXPECT_EQ(ParseReportDate("2022", "%Y", "Europe/Berlin", Zones(), kNow), std::nullopt);
  EXPECT_EQ(ParseReportDate("x", "%s", "", Zones(), kNow), std::nullopt);
}

}  // namespace
}  // namespace fluxgate
