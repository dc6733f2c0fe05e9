#include "protocol/influx/escape.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace fluxgate::influx {
namespace {

using UnescapeFunction = std::string_view(std::string_view, std::string*);

std::string Unescaped(UnescapeFunction* unescape, std::string_view raw) {
  std::string scratch = "old text";
  return std::string(unescape(raw, &scratch));
}

TEST(Escape, NamesDropBackslashBeforeFourBytes) {
  for (UnescapeFunction* unescape : {UnescapeMeasurement, UnescapeFieldKey}) {
    EXPECT_EQ(Unescaped(unescape, R"(a\,b\"c\ d\=e)"), R"(a,b"c d=e)");
    EXPECT_EQ(Unescaped(unescape, R"(\a\\b\)"), R"(\a\\b\)");
  }
}

TEST(Escape, TagsKeepBackslashBeforeQuote) {
  EXPECT_EQ(Unescaped(UnescapeTag, R"(a\,b\"c\ d\=e)"), R"(a,b\"c d=e)");
}

TEST(Escape, StringsDropBackslashBeforeQuoteAndBackslash) {
  EXPECT_EQ(Unescaped(UnescapeString, R"(a\,b\"c\\d\n\=)"), R"(a\,b"c\d\n\=)");
  EXPECT_EQ(Unescaped(UnescapeString, R"(\\\\\")"), R"(\\")");
}

TEST(Escape, DroppedBackslashDoesNotEscapeAgain) {
  EXPECT_EQ(Unescaped(UnescapeTag, R"(\\,)"), R"(\,)");
  EXPECT_EQ(Unescaped(UnescapeTag, R"(\ \ \,)"), "  ,");
  EXPECT_EQ(Unescaped(UnescapeString, R"(\\n)"), R"(\n)");
}

TEST(Escape, WithoutBackslashTheResultViewsTheInput) {
  const std::string raw = "a b,c=d\"";
  std::string scratch;
  EXPECT_EQ(UnescapeMeasurement(raw, &scratch).data(), raw.data());
  EXPECT_EQ(UnescapeString("", &scratch), "");
  EXPECT_TRUE(scratch.empty());
}

TEST(Escape, LastByteMayBeBackslash) {
  EXPECT_EQ(Unescaped(UnescapeTag, "\\"), "\\");
  EXPECT_EQ(Unescaped(UnescapeString, "a\\"), "a\\");
  EXPECT_EQ(Unescaped(UnescapeString, "\\\"\\"), "\"\\");
}

}  // namespace
}  // namespace fluxgate::influx
