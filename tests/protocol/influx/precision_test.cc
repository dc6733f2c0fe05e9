#include "protocol/influx/precision.h"

#include <gtest/gtest.h>

#include <limits>
#include <optional>
#include <string_view>
#include <vector>

namespace fluxgate::influx {
namespace {

constexpr int64_t kInt64Min = std::numeric_limits<int64_t>::min();
constexpr int64_t kInt64Max = std::numeric_limits<int64_t>::max();

TEST(Precision, SpellingsOfAllVersions) {
  const std::vector<std::pair<Precision, std::vector<std::string_view>>> spellings = {
      {Precision::kUnspecified, {"", "auto"}},
      {Precision::kNanosecond, {"n", "ns", "nanosecond"}},
      {Precision::kMicrosecond, {"u", "us", "\xc2\xb5", "\xce\xbc", "microsecond"}},
      {Precision::kMillisecond, {"ms", "millisecond"}},
      {Precision::kSecond, {"s", "second"}},
      {Precision::kMinute, {"m"}},
      {Precision::kHour, {"h"}},
  };
  for (const auto& [precision, names] : spellings) {
    for (const std::string_view name : names) {
      EXPECT_EQ(ParsePrecision(name), precision) << name;
    }
  }
}

TEST(Precision, OtherSpellings) {
  for (const std::string_view name :
       {"d", "NS", "seconds", "minute", "hour", "\xc2\xb5s", " s", "bogus", "\xb5", "w", "Auto"}) {
    EXPECT_EQ(ParsePrecision(name), std::nullopt) << name;
  }
}

TEST(Precision, Units) {
  EXPECT_EQ(NanosecondsPer(Precision::kUnspecified), 1);
  EXPECT_EQ(NanosecondsPer(Precision::kNanosecond), 1);
  EXPECT_EQ(NanosecondsPer(Precision::kMicrosecond), 1'000);
  EXPECT_EQ(NanosecondsPer(Precision::kMillisecond), 1'000'000);
  EXPECT_EQ(NanosecondsPer(Precision::kSecond), 1'000'000'000);
  EXPECT_EQ(NanosecondsPer(Precision::kMinute), 60'000'000'000);
  EXPECT_EQ(NanosecondsPer(Precision::kHour), 3'600'000'000'000);
}

TEST(Precision, DetectsByWindow) {
  const std::vector<std::pair<Precision, int64_t>> units = {{Precision::kSecond, 1},
                                                            {Precision::kMillisecond, 1'000},
                                                            {Precision::kMicrosecond, 1'000'000}};
  for (const auto& [precision, scale] : units) {
    EXPECT_EQ(DetectPrecision(315'532'800 * scale - 1), Precision::kNanosecond);
    EXPECT_EQ(DetectPrecision(315'532'800 * scale), precision);
    EXPECT_EQ(DetectPrecision(4'102'444'800 * scale), precision);
    EXPECT_EQ(DetectPrecision(4'102'444'800 * scale + 1), Precision::kNanosecond);
  }
  for (const int64_t timestamp : {int64_t{0}, int64_t{1}, int64_t{-1'656'472'338}, kInt64Min,
                                  kInt64Max, int64_t{315'532'800'000'000'000}}) {
    EXPECT_EQ(DetectPrecision(timestamp), Precision::kNanosecond) << timestamp;
  }
}

TEST(Precision, TruncatesTowardsThePast) {
  EXPECT_EQ(TruncateTime(1'999'999'999, Precision::kSecond), 1'000'000'000);
  EXPECT_EQ(TruncateTime(2'000'000'000, Precision::kSecond), 2'000'000'000);
  EXPECT_EQ(TruncateTime(-1, Precision::kSecond), -1'000'000'000);
  EXPECT_EQ(TruncateTime(-1'000'000'000, Precision::kSecond), -1'000'000'000);
  EXPECT_EQ(TruncateTime(1'700'000'000'123'456'789, Precision::kHour), 1'699'999'200'000'000'000);
  EXPECT_EQ(TruncateTime(7, Precision::kUnspecified), 7);
}

TEST(Precision, TruncatesTheLeastTimeToItself) {
  EXPECT_EQ(TruncateTime(kInt64Min, Precision::kHour), kInt64Min);
  EXPECT_EQ(TruncateTime(kInt64Min + 1, Precision::kMicrosecond), kInt64Min);
}

TEST(Precision, NanosecondsWithinTheRangeOfV1) {
  EXPECT_EQ(ToNanoseconds(-3, Precision::kMillisecond), -3'000'000);
  EXPECT_EQ(ToNanoseconds(kTimeMax, Precision::kNanosecond), kTimeMax);
  EXPECT_EQ(ToNanoseconds(kTimeMax + 1, Precision::kNanosecond), std::nullopt);
  EXPECT_EQ(ToNanoseconds(kTimeMin, Precision::kUnspecified), kTimeMin);
  EXPECT_EQ(ToNanoseconds(kTimeMin - 1, Precision::kUnspecified), std::nullopt);
  EXPECT_EQ(ToNanoseconds(9'223'372'036, Precision::kSecond), 9'223'372'036'000'000'000);
  EXPECT_EQ(ToNanoseconds(9'223'372'037, Precision::kSecond), std::nullopt);
  EXPECT_EQ(ToNanoseconds(-9'223'372'036, Precision::kSecond), -9'223'372'036'000'000'000);
  EXPECT_EQ(ToNanoseconds(-9'223'372'037, Precision::kSecond), std::nullopt);
  EXPECT_EQ(ToNanoseconds(2'562'048, Precision::kHour), std::nullopt);
  EXPECT_EQ(ToNanoseconds(kInt64Min, Precision::kHour), std::nullopt);
}

}  // namespace
}  // namespace fluxgate::influx
