#include "protocol/influx/line_scan.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace fluxgate::influx {
namespace {

constexpr size_t kNotFound = LineScan::kNotFound;

size_t FindEnd(std::string_view bytes, bool behind_space = false) {
  return LineScan(behind_space).FindEnd(bytes, 0, true);
}

TEST(LineScan, PlainLineEndsAtLineFeed) {
  EXPECT_EQ(FindEnd("cpu v=1\nx"), 7);
  EXPECT_EQ(FindEnd("cpu v=1"), kNotFound);
}

TEST(LineScan, QuotesHideALineFeedInAValue) {
  EXPECT_EQ(FindEnd("m v=\"a\nb\"\nx"), 9);
  EXPECT_EQ(FindEnd("m a=1,v=\"a\nb\"\nx"), 13);
  EXPECT_EQ(FindEnd("m v=\"a\\\"\nb\"\nx"), 11);
}

TEST(LineScan, QuotesElsewhereDoNot) {
  EXPECT_EQ(FindEnd("m,a=\"\nx"), 5);
  EXPECT_EQ(FindEnd("m \"a\nx"), 4);
  EXPECT_EQ(FindEnd("m a,v=\"\nx"), 7);
  EXPECT_EQ(FindEnd("m,a=b v=1,\"\nx"), 11);
}

TEST(LineScan, LeadingSpaceMakesTagQuotesCount) {
  EXPECT_EQ(FindEnd("m=\"\nx\" v=1\ny", false), 3);
  EXPECT_EQ(FindEnd("m=\"\nx\" v=1\ny", true), 10);
}

TEST(LineScan, BackslashHidesTheNextByte) {
  EXPECT_EQ(FindEnd("a\\\nb\nc"), 4);
  EXPECT_EQ(FindEnd("a\\\\\nb"), 3);
  EXPECT_EQ(FindEnd("a\\ b=\"\nc"), 6);  // an escaped space begins no field set
}

TEST(LineScan, BackslashAmongTheLastTwoBytesIsOrdinary) {
  EXPECT_EQ(FindEnd("a\\\n"), 2);
  EXPECT_EQ(FindEnd("a\\\nb"), kNotFound);
  EXPECT_EQ(FindEnd("a\\"), kNotFound);
}

TEST(LineScan, WaitsBeforeABackslashWhileMoreMayCome) {
  LineScan scan;
  EXPECT_EQ(scan.FindEnd("a\\\n", 0, false), kNotFound);
  EXPECT_EQ(scan.scanned(), 1);
  EXPECT_EQ(scan.FindEnd("a\\\n", scan.scanned(), true), 2);
}

TEST(LineScan, StateIsKeptFromPieceToPiece) {
  const std::string_view line = "m,t=\"x a\\\\=1,v=\"p\nq\\\"\n\",w=\"\n\"\\\n 5\nrest of it";
  const size_t end = FindEnd(line);
  EXPECT_EQ(line.substr(end + 1), "rest of it");
  for (size_t first = 0; first < line.size(); ++first) {
    for (size_t second = first; second < line.size(); ++second) {
      LineScan scan;
      size_t found = scan.FindEnd(line.substr(0, first), 0, false);
      if (found == kNotFound) {
        found = scan.FindEnd(line.substr(0, second), scan.scanned(), false);
      }
      if (found == kNotFound) {
        found = scan.FindEnd(line, scan.scanned(), true);
      }
      ASSERT_EQ(found, end) << first << ' ' << second;
    }
  }
}

TEST(LineScan, LastInputIsScannedWhole) {
  LineScan scan;
  EXPECT_EQ(scan.FindEnd("a b=\"\\", 0, true), kNotFound);
  EXPECT_EQ(scan.scanned(), 6);
}

}  // namespace
}  // namespace fluxgate::influx
