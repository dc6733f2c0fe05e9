#include "protocol/prometheus/metric_name.h"

#include <gtest/gtest.h>

namespace fluxgate::prom {
namespace {

std::string Sanitized(std::string_view text) {
  std::string out;
  AppendSanitized(text, &out);
  return out;
}

TEST(SanitizedName, ValidNameIsKept) {
  EXPECT_EQ(Sanitized("cpu_Usage_09"), "cpu_Usage_09");
  EXPECT_EQ(Sanitized("_x"), "_x");
  EXPECT_EQ(Sanitized(""), "");
}

TEST(SanitizedName, EachOtherCharacterBecomesOneUnderscore) {
  EXPECT_EQ(Sanitized("disk.io-time/s"), "disk_io_time_s");
  EXPECT_EQ(Sanitized("a:b"), "a_b");
  EXPECT_EQ(Sanitized(std::string_view("a\0b\n", 4)), "a_b_");
}

TEST(SanitizedName, MultibyteCharacterCountsOnce) {
  EXPECT_EQ(Sanitized("température"), "temp_rature");
  EXPECT_EQ(Sanitized("€"), "_");
  EXPECT_EQ(Sanitized("x😀y"), "x_y");
}

TEST(SanitizedName, InvalidByteCountsAsOneCharacter) {
  EXPECT_EQ(Sanitized("\xE2\x82"), "__");
  EXPECT_EQ(Sanitized("caf\xE9s"), "caf_s");
}

TEST(SanitizedName, LeadingDigitGetsAnUnderscoreInFront) {
  EXPECT_EQ(Sanitized("1min"), "_1min");
  EXPECT_EQ(Sanitized("0"), "_0");
}

TEST(SanitizedName, DigitAfterOtherTextNeedsNone) {
  std::string out = "load_";
  AppendSanitized("1", &out);
  EXPECT_EQ(out, "load_1");
}

TEST(SanitizedName, ResultIsANameAndStaysWhatItIs) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string once =
          Sanitized(std::string{static_cast<char>(first), static_cast<char>(second)});
      ASSERT_TRUE(IsLabelName(once)) << once;
      ASSERT_TRUE(IsMetricName(once)) << once;
      ASSERT_EQ(Sanitized(once), once);
    }
  }
}

TEST(MetricName, TakesColonsAndNoLeadingDigit) {
  EXPECT_TRUE(IsMetricName("job:up:sum"));
  EXPECT_TRUE(IsMetricName(":"));
  EXPECT_FALSE(IsMetricName(""));
  EXPECT_FALSE(IsMetricName("1a"));
  EXPECT_FALSE(IsMetricName("a-b"));
  EXPECT_FALSE(IsMetricName("é"));
  EXPECT_FALSE(IsMetricName("a "));
}

TEST(LabelName, TakesNeitherColonsNorLeadingDigit) {
  EXPECT_TRUE(IsLabelName("__name__"));
  EXPECT_TRUE(IsLabelName("a1"));
  EXPECT_FALSE(IsLabelName(""));
  EXPECT_FALSE(IsLabelName("a:b"));
  EXPECT_FALSE(IsLabelName("9"));
}

TEST(LabelName, EachFirstAndLaterByteIsJudgedByTheGrammar) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    const bool digit = c >= '0' && c <= '9';
    EXPECT_EQ(IsLabelName(std::string{c}), letter) << byte;
    EXPECT_EQ(IsLabelName(std::string{'a', c}), letter || digit) << byte;
    EXPECT_EQ(IsMetricName(std::string{c}), letter || c == ':') << byte;
    EXPECT_EQ(IsMetricName(std::string{'a', c}), letter || digit || c == ':') << byte;
  }
}

}  // namespace
}  // namespace fluxgate::prom
