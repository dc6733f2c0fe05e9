#include "bridge/upload/report_date.h"

#include <gtest/gtest.h>

namespace fluxgate {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

ReportZones Zones() {
  return {absl::FixedTimeZone(3600), {}};
}

TEST(ParseReportDate, ZoneAbbreviationInTheMiddle) {
  EXPECT_EQ(ParseReportDate("Sun Jun 26 22:08:31 EDT 2022", "%a %b %d %H:%M:%S %Z %Y", "", Zones()),
            1656295711 * kSecond);
  EXPECT_EQ(ParseReportDate("Sun Jun 26 22:08:31 UTC 2022", "%a %b %d %H:%M:%S %Z %Y", "", Zones()),
            1656281311 * kSecond);
}

TEST(ParseReportDate, OffsetsGroupsAndTheDefaultZone) {
  EXPECT_EQ(ParseReportDate("2022-06-26 22:08:31 +0200", "%Y-%m-%d %H:%M:%S %z", "", Zones()),
            1656274111 * kSecond);
  EXPECT_EQ(ParseReportDate("2022-06-26 22:08:31", "%Y-%m-%d %H:%M:%S", "", Zones()),
            1656277711 * kSecond);
  EXPECT_EQ(ParseReportDate("2022-06-26 22:08:31", "%Y-%m-%d %H:%M:%S", "EDT", Zones()),
            1656295711 * kSecond);
  EXPECT_EQ(ParseReportDate("1656295711", "%s", "", Zones()), 1656295711 * kSecond);
}

TEST(ParseReportDate, OwnZonesGoFirst) {
  ReportZones zones = Zones();
  zones.known.emplace("EDT", absl::FixedTimeZone(0));
  EXPECT_EQ(ParseReportDate("26.06.2022 22:08 EDT", "%d.%m.%Y %H:%M %Z", "", zones),
            1656281280 * kSecond);
}

TEST(ParseReportDate, WhatDoesNotFit) {
  EXPECT_EQ(ParseReportDate("Sun Jun 26", "%a %b %d %Y", "", Zones()), std::nullopt);
  EXPECT_EQ(ParseReportDate("2022 x", "%Y", "", Zones()), std::nullopt);
  EXPECT_EQ(ParseReportDate("2022 XYZ", "%Y %Z", "", Zones()), std::nullopt);
  EXPECT_EQ(ParseReportDate("2022 ", "%Y %Z", "", Zones()), std::nullopt);
  EXPECT_EQ(ParseReportDate("9022", "%Y", "", Zones()), std::nullopt);
  EXPECT_EQ(ParseReportDate("31.02.2022", "%d.%m.%Y", "", Zones()), std::nullopt);
  // It is there, but reports do not make the process load it.
  EXPECT_EQ(ParseReportDate("2022 Europe/Berlin", "%Y %Z", "", Zones()), std::nullopt);
  EXPECT_EQ(ParseReportDate("2022", "%Y", "Europe/Berlin", Zones()), std::nullopt);
  EXPECT_EQ(ParseReportDate("x", "%s", "", Zones()), std::nullopt);
}

}  // namespace
}  // namespace fluxgate
