#include "protocol/influx/line_error.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

namespace fluxgate::influx {
namespace {

LineError Error(LineErrorCode code) {
  LineError error;
  error.code = code;
  error.text = "cpu v";
  error.token = "12";
  error.size = 70000;
  error.size_max = 50;
  return error;
}

TEST(LineError, MessageQuotesTheLine) {
  EXPECT_EQ(Message(Error(LineErrorCode::kMissingFields)),
            "unable to parse 'cpu v': missing fields");
}

TEST(LineError, OverlongLineIsCut) {
  EXPECT_EQ(Message(Error(LineErrorCode::kLineTooLong)),
            "unable to parse 'cpu v...': max line size exceeded: 70000 > 50");
}

TEST(LineError, ReasonsWithParts) {
  EXPECT_EQ(Reason(Error(LineErrorCode::kKeyTooLong)), "max key length exceeded: 70000 > 65535");
  EXPECT_EQ(Reason(Error(LineErrorCode::kInvalidFieldKey)), "invalid value: field-key=12");
  EXPECT_EQ(Reason(Error(LineErrorCode::kIntegerOutOfRange)),
            "unable to parse integer 12: strconv.ParseInt: parsing \"12\": value out of range");
  EXPECT_EQ(Reason(Error(LineErrorCode::kUnsignedOutOfRange)),
            "unable to parse unsigned 12: strconv.ParseUint: parsing \"12\": value out of range");
  EXPECT_EQ(Reason(Error(LineErrorCode::kTimestampSyntax)),
            "strconv.ParseInt: parsing \"12\": invalid syntax");
  EXPECT_EQ(Reason(Error(LineErrorCode::kTimestampOutOfRange)),
            "strconv.ParseInt: parsing \"12\": value out of range");
  EXPECT_EQ(Reason(Error(LineErrorCode::kTimeOutsideRange)),
            "time outside range -9223372036854775806 - 9223372036854775806");
}

TEST(LineError, TextIsNotReadAsAFormat) {
  LineError error = Error(LineErrorCode::kTrailingText);
  error.text = "%s%d\0'";
  EXPECT_EQ(Message(error), "unable to parse '%s%d': point is invalid");
}

TEST(LineError, EveryCodeHasItsOwnNameAndReason) {
  std::set<std::string> reasons;
  std::set<std::string_view> names;
  for (int i = 0; i < kLineErrorCodeCount; ++i) {
    const auto code = static_cast<LineErrorCode>(i);
    EXPECT_FALSE(Reason(Error(code)).empty()) << i;
    reasons.insert(Reason(Error(code)));
    names.insert(Name(code));
    EXPECT_EQ(Name(code).find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos);
  }
  EXPECT_EQ(reasons.size(), kLineErrorCodeCount);
  EXPECT_EQ(names.size(), kLineErrorCodeCount);
  EXPECT_EQ(Name(LineErrorCode::kMissingFields), "missing_fields");
}

}  // namespace
}  // namespace fluxgate::influx
