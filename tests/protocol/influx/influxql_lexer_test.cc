#include "protocol/influx/influxql_lexer.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace fluxgate::influx {
namespace {

// `NAME(text)@line:column` of each token.
std::string TokensOf(std::string_view text) {
  InfluxqlLexer lexer(text);
  std::string shown;
  for (Token token = lexer.Next(); token.type != TokenType::kEnd; token = lexer.Next()) {
    shown += std::string(TokenName(token.type)) + "(" + token.text + ")@" +
             std::to_string(token.place.line) + ":" + std::to_string(token.place.column) + " ";
  }
  return shown;
}

TEST(InfluxqlLexer, TellsTokensApart) {
  EXPECT_EQ(TokensOf("select a_1 \"b c\" 'd'"),
            "SELECT()@0:0 IDENT(a_1)@0:7 IDENT(b c)@0:11 STRING(d)@0:16 ");
  EXPECT_EQ(TokensOf("1 1.5 .5 1h30m 2\xC2\xB5"),
            "INTEGER(1)@0:0 NUMBER(1.5)@0:2 NUMBER(.5)@0:6 DURATIONVAL(1h30m)@0:9 "
            "DURATIONVAL(2\xC2\xB5)@0:15 ");
  EXPECT_EQ(TokensOf("=~!=!~<><=>=::"),
            "=~()@0:0 !=()@0:2 !~()@0:4 !=()@0:6 <=()@0:8 >=()@0:10 ::()@0:12 ");
  EXPECT_EQ(TokensOf("$x #"), "BOUNDPARAM($x)@0:0 ILLEGAL(#)@0:3 ");
}

TEST(InfluxqlLexer, PassesOverComments) {
  EXPECT_EQ(TokensOf("a -- b\nc /* d\n * **/ e"), "IDENT(a)@0:0 IDENT(c)@1:0 IDENT(e)@2:7 ");
  EXPECT_EQ(TokensOf("a /* b"), "IDENT(a)@0:0 ILLEGAL()@0:2 ");
}

TEST(InfluxqlLexer, CountsCodePointsAndLines) {
  EXPECT_EQ(TokensOf("\"\xC3\xA9\" a\r\nb\rc"),
            "IDENT(\xC3\xA9)@0:0 IDENT(a)@0:4 IDENT(b)@1:0 IDENT(c)@2:0 ");
  EXPECT_EQ(TokensOf("\"\xFF\xC3\" a"), "IDENT(\xFF\xC3)@0:0 IDENT(a)@0:5 ");
}

TEST(InfluxqlLexer, TakesEscapesOff) {
  EXPECT_EQ(TokensOf(R"("a\"\\\n" 'b\'')"), "IDENT(a\"\\\n)@0:0 STRING(b')@0:9 ");
  EXPECT_EQ(TokensOf(R"('a\b')"), "BADESCAPE(\\b)@0:3 BADSTRING()@0:3 ");
  EXPECT_EQ(TokensOf("'a"), "BADSTRING(a)@0:0 ");
}

TEST(InfluxqlLexer, RegularExpressionsAreReadOnDemand) {
  InfluxqlLexer lexer("  /a\\/b\\d/ c");
  ASSERT_TRUE(lexer.AtRegex());
  const Token regex = lexer.NextRegex();
  EXPECT_EQ(regex.type, TokenType::kRegex);
  EXPECT_EQ(regex.text, "a/b\\d");
  EXPECT_FALSE(lexer.AtRegex());
  EXPECT_EQ(lexer.Next().text, "c");
  InfluxqlLexer open("/a");
  EXPECT_EQ(open.NextRegex().type, TokenType::kBadRegex);
}

TEST(InfluxqlLexer, NulEndsTheText) {
  EXPECT_EQ(TokensOf(std::string_view("a\0b", 3)), "IDENT(a)@0:0 ");
}

}  // namespace
}  // namespace fluxgate::influx
