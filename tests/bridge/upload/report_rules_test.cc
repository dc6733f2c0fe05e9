#include "bridge/upload/report_rules.h"

#include <gtest/gtest.h>

#include <string>

namespace fluxgate {
namespace {

std::string PatternError(const std::string& pattern) {
  std::unique_ptr<RE2> compiled;
  return std::string(ReportRules::MakePattern("r", pattern, &compiled).message());
}

TEST(ReportRules, ABadPatternIsToldWithItsPlace) {
  EXPECT_EQ(PatternError("a(b"), "rule \"r\": pattern, position 2: missing ): a(b");
  EXPECT_EQ(PatternError("(a) [(] \\( (b"),
            "rule \"r\": pattern, position 12: missing ): (a) [(] \\( (b");
  EXPECT_EQ(PatternError("a)b"), "rule \"r\": pattern, position 2: unexpected ): a)b");
  EXPECT_EQ(PatternError("a*b**"), "rule \"r\": pattern, position 4: bad repetition operator: **");
  EXPECT_EQ(PatternError("ab\\8"), "rule \"r\": pattern, position 3: invalid escape sequence: \\8");
  EXPECT_EQ(PatternError("ok"), "");
}

TEST(ReportText, GroupsAndDollars) {
  const RE2 pattern("(?P<a>\\w+) (?P<b_2>\\w+)");
  ReportText text;
  ASSERT_TRUE(ReportText::Parse("$$x ${a}y-$b_2.$a", pattern, &text).ok());
  EXPECT_EQ(text.Fill({"one two", "one", "two"}), "$x oney-two.one");
  EXPECT_FALSE(ReportText::Parse("$c", pattern, &text).ok());
  EXPECT_FALSE(ReportText::Parse("100$", pattern, &text).ok());
}

}  // namespace
}  // namespace fluxgate
