#include "tests/bench/series_check.h"

#include "tests/bench/tsbs_fleet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fluxgate::bench {
namespace {

constexpr LineKind kKind = LineKind::kTsbsIntegers;

std::string Verdict(const std::string& page, const std::vector<uint32_t>& last_rounds,
                    size_t piece_size = 1000) {
  SeriesCheck check(&last_rounds, kKind);
  for (size_t at = 0; at < page.size(); at += piece_size) {
    check.Take(std::string_view(page).substr(at, piece_size));
  }
  return check.Finish();
}

std::string Page(uint32_t hosts, uint32_t round) {
  std::string page;
  AppendTsbsPage(hosts, round, ValueKind::kInteger, &page);
  return page;
}

TEST(SeriesCheck, TakesWhatWasSentInAnyPieces) {
  for (const size_t piece_size : {1u, 7u, 64u, 100'000u}) {
    EXPECT_EQ(Verdict(Page(3, 2), {2, 2, 2}, piece_size), "");
  }
}

TEST(SeriesCheck, PassesOverFamiliesOfOthers) {
  EXPECT_EQ(Verdict("influxdb_last_push_timestamp_seconds 1\n" + Page(3, 2), {2, 2, 2}), "");
}

TEST(SeriesCheck, SeesMissingSeries) {
  EXPECT_THAT(Verdict(Page(2, 0), {0, 0, 0}), testing::HasSubstr("20 of 30 series right"));
  EXPECT_NE(Verdict("", {0}), "");
}

TEST(SeriesCheck, SeesOldValues) {
  EXPECT_THAT(Verdict(Page(3, 1), {1, 2, 1}), testing::HasSubstr("not the value"));
}

TEST(SeriesCheck, SeesSeriesTwiceAndFamiliesInPieces) {
  const std::string page = Page(2, 0);
  const size_t last_line = page.rfind('\n', page.size() - 2) + 1;
  EXPECT_THAT(Verdict(page + page.substr(last_line), {0, 0}), testing::HasSubstr("seen before"));
  EXPECT_THAT(Verdict(page + page, {0, 0}), testing::HasSubstr("not in one piece"));
}

TEST(SeriesCheck, SeesWrongLabelsAndForeignSeries) {
  std::string page = Page(1, 0);
  page.insert(page.find('}'), ",x=\"y\"");
  EXPECT_THAT(Verdict(page, {0}), testing::HasSubstr("wrong labels"));
  EXPECT_THAT(Verdict(Page(2, 0), {0}), testing::HasSubstr("no host"));
  EXPECT_THAT(Verdict(Page(1, 0) + "cpu_other{a=\"b\"} 1\n", {0}), testing::HasSubstr("no family"));
}

TEST(SeriesCheck, SeesUnfinishedLine) {
  std::string page = Page(1, 0);
  page.pop_back();
  EXPECT_THAT(Verdict(page, {0}), testing::HasSubstr("line feed"));
}

}  // namespace
}  // namespace fluxgate::bench
