#include "bridge/ingest/query_tokens.h"

#include <gtest/gtest.h>

namespace fluxgate {
namespace {

// Each token as type letter, place and text: `w1:1 SHOW`.
std::vector<std::string> Describe(std::string_view query) {
  std::vector<std::string> described;
  for (const QueryToken& token : TokenizeQuery(query)) {
    described.push_back(std::string(1, "wis."[static_cast<size_t>(token.type)]) +
                        std::to_string(token.line) + ":" + std::to_string(token.column) + " " +
                        std::string(token.text));
  }
  return described;
}

using Tokens = std::vector<std::string>;

TEST(TokenizeQuery, SplitsWordsAndSymbols) {
  EXPECT_EQ(Describe("SHOW DATABASES"), (Tokens{"w1:1 SHOW", "w1:6 DATABASES"}));
  EXPECT_EQ(Describe(" a_1;b ; "), (Tokens{"w1:2 a_1", ".1:5 ;", "w1:6 b", ".1:8 ;"}));
  EXPECT_EQ(Describe("x>=-1.5"),
            (Tokens{"w1:1 x", ".1:2 >", ".1:3 =", ".1:4 -", "w1:5 1", ".1:6 .", "w1:7 5"}));
  EXPECT_EQ(Describe(""), Tokens{});
  EXPECT_EQ(Describe(" \t\r\n\v\f"), Tokens{});
  EXPECT_EQ(Describe("\xff\xc3"), (Tokens{".1:1 \xff", ".1:2 \xc3"}));
}

TEST(TokenizeQuery, KeepsQuotedTextWhole) {
  EXPECT_EQ(Describe(R"("a;b" 'c;"d')"), (Tokens{R"(i1:1 "a;b")", R"(s1:7 'c;"d')"}));
  EXPECT_EQ(Describe(R"("a\"b"c)"), (Tokens{R"(i1:1 "a\"b")", "w1:7 c"}));
  EXPECT_EQ(Describe(R"("a\\"c)"), (Tokens{R"(i1:1 "a\\")", "w1:6 c"}));
  EXPECT_EQ(Describe(R"("")"), (Tokens{R"(i1:1 "")"}));
}

TEST(TokenizeQuery, AQuoteThatIsNotClosedTakesTheRest) {
  EXPECT_EQ(Describe(R"(a "b;c)"), (Tokens{"w1:1 a", R"(.1:3 "b;c)"}));
  EXPECT_EQ(Describe(R"('\')"), (Tokens{R"(.1:1 '\')"}));
  EXPECT_EQ(Describe(R"(')"), (Tokens{".1:1 '"}));
}

TEST(TokenizeQuery, CountsLines) {
  EXPECT_EQ(Describe("a\nb\n\n c 'd\ne' f"),
            (Tokens{"w1:1 a", "w2:1 b", "w4:2 c", "s4:4 'd\ne'", "w5:4 f"}));
}

TEST(Meaning, TakesOffQuotesAndEscapes) {
  const std::pair<std::string_view, std::string> cases[] = {
      {"abc", "abc"},           {R"("abc")", "abc"},
      {R"("x\"y")", "x\"y"},    {R"("a\\b\nc\d")", "a\\b\ncd"},
      {R"('it\'s')", "it's"},   {R"("")", ""},
      {R"("open)", R"("open)"}, {";", ";"},
  };
  for (const auto& [text, meaning] : cases) {
    EXPECT_EQ(Meaning(TokenizeQuery(text).at(0)), meaning) << text;
  }
}

}  // namespace
}  // namespace fluxgate
