#include "protocol/influx/line_time.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace fluxgate::influx {
namespace {

LineTime Parsed(std::string_view text, Precision precision = Precision::kNanosecond,
                bool detect = false) {
  LineTime time;
  time.detected_precision = true;
  const std::optional<LineError> error = ParseLineTime(text, 0, precision, detect, &time);
  EXPECT_FALSE(error) << text << ": " << Name(error.value_or(LineError()).code);
  return time;
}

void ExpectError(std::string_view text, LineErrorCode code, uint64_t column,
                 Precision precision = Precision::kNanosecond) {
  LineTime time;
  const std::optional<LineError> error = ParseLineTime(text, 0, precision, false, &time);
  ASSERT_TRUE(error) << text;
  EXPECT_EQ(Name(error->code), Name(code)) << text;
  EXPECT_EQ(error->column, column) << text;
}

TEST(LineTime, Absent) {
  EXPECT_FALSE(Parsed("").is_given);
  EXPECT_FALSE(Parsed(" ").is_given);
  EXPECT_FALSE(Parsed(std::string_view(" \t\0 ", 4)).is_given);
}

TEST(LineTime, Integers) {
  EXPECT_TRUE(Parsed(" 0").is_given);
  EXPECT_EQ(Parsed(" 17").time_ns, 17);
  EXPECT_EQ(Parsed(" -17  ").time_ns, -17);
  EXPECT_EQ(Parsed(" \t 00017").time_ns, 17);
  EXPECT_EQ(Parsed(" -0").time_ns, 0);
  EXPECT_EQ(Parsed(" 9223372036854775806").time_ns, kTimeMax);
}

TEST(LineTime, Units) {
  EXPECT_EQ(Parsed(" 2", Precision::kMinute).time_ns, 120'000'000'000);
  EXPECT_EQ(Parsed(" 2", Precision::kUnspecified).time_ns, 2);
  EXPECT_EQ(Parsed(" 1656472338", Precision::kUnspecified).time_ns, 1'656'472'338);
}

TEST(LineTime, DetectsOnlyWithoutAPrecision) {
  const LineTime detected = Parsed(" 1656472338", Precision::kUnspecified, true);
  EXPECT_EQ(detected.time_ns, 1'656'472'338'000'000'000);
  EXPECT_TRUE(detected.detected_precision);
  EXPECT_FALSE(Parsed(" 1656472338000000000", Precision::kUnspecified, true).detected_precision);
  EXPECT_EQ(Parsed(" 1656472338", Precision::kNanosecond, true).time_ns, 1'656'472'338);
  EXPECT_FALSE(Parsed(" 1656472338", Precision::kNanosecond, true).detected_precision);
  EXPECT_FALSE(Parsed("", Precision::kUnspecified, true).detected_precision);
}

TEST(LineTime, MicrosecondsAreNanosecondsWhereTheyWouldOverflow) {
  const Precision either = Precision::kMicrosecondOrNanosecond;
  EXPECT_EQ(Parsed(" 1656472338000000", either).time_ns, 1'656'472'338'000'000'000);
  EXPECT_EQ(Parsed(" 1656472338000000000", either).time_ns, 1'656'472'338'000'000'000);
  EXPECT_EQ(Parsed(" 9223372036854775", either).time_ns, 9'223'372'036'854'775'000);
  EXPECT_EQ(Parsed(" 9223372036854776", either).time_ns, 9'223'372'036'854'776);
  EXPECT_EQ(Parsed(" -1656472338000000000", either).time_ns, -1'656'472'338'000'000'000);
  ExpectError(" 9223372036854775807", LineErrorCode::kTimeOutsideRange, 2, either);
}

TEST(LineTime, Errors) {
  ExpectError(" x", LineErrorCode::kBadTimestamp, 2);
  ExpectError(" 1x2", LineErrorCode::kBadTimestamp, 3);
  ExpectError(" 1\t", LineErrorCode::kBadTimestamp, 3);
  ExpectError(" 1\r", LineErrorCode::kBadTimestamp, 3);
  ExpectError(" --1", LineErrorCode::kBadTimestamp, 3);
  ExpectError(" 1.5", LineErrorCode::kBadTimestamp, 3);
  ExpectError(" +1", LineErrorCode::kBadTimestamp, 2);
  ExpectError(" -", LineErrorCode::kTimestampSyntax, 2);
  ExpectError(" - ", LineErrorCode::kTimestampSyntax, 2);
  ExpectError(" 9223372036854775808", LineErrorCode::kTimestampOutOfRange, 2);
  ExpectError(" 9223372036854775807", LineErrorCode::kTimeOutsideRange, 2);
  ExpectError(" 9223372037", LineErrorCode::kTimeOutsideRange, 2, Precision::kSecond);
  ExpectError(" 1 2", LineErrorCode::kTrailingText, 4);
  ExpectError(" 1  \t", LineErrorCode::kTrailingText, 5);
  ExpectError(" 1\nx", LineErrorCode::kTrailingText, 3);
  ExpectError(" \nx", LineErrorCode::kTrailingText, 2);
}

TEST(LineTime, RangeComesBeforeTrailingText) {
  ExpectError(" 9223372036854775807 x", LineErrorCode::kTimeOutsideRange, 2);
  ExpectError(" 9223372036854775808 x", LineErrorCode::kTimestampOutOfRange, 2);
}

TEST(LineTime, ErrorQuotesTheTimestamp) {
  LineTime time;
  EXPECT_EQ(ParseLineTime("m v=1  - ", 5, Precision::kNanosecond, false, &time)->token, "-");
}

}  // namespace
}  // namespace fluxgate::influx
