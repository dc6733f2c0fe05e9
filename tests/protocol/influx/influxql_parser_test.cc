// The grammar against what InfluxDB 1.6.7 said about each query of a recorded table, and against
// random tokens.
#include "protocol/influx/influxql_parser.h"

#include "protocol/influx/influxql_cursor.h"

#include "tests/protocol/influx/corpus.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate::influx {
namespace {

constexpr size_t kStatementsMax = 32;

std::string ErrorOf(std::string_view query) {
  return ParseInfluxql(query, kStatementsMax).error;
}

Statement Only(std::string_view query) {
  ParsedQuery parsed = ParseInfluxql(query, kStatementsMax);
  EXPECT_EQ(parsed.error, "") << query;
  EXPECT_EQ(parsed.statements.size(), 1U) << query;
  return parsed.statements.empty() ? Statement() : std::move(parsed.statements.front());
}

// In the table, `ours` is what we say where that differs; regular expressions are compiled by
// others.
TEST(InfluxqlParser, SaysWhatInfluxDbSays) {
  size_t count = 0;
  for (const boost::json::object& row : ReadJsonLines(CorpusPath("influxql_errors.jsonl"))) {
    const std::string expected = Text(row, row.contains("ours") ? "ours" : "error");
    if (!expected.starts_with("error parsing regexp")) {
      EXPECT_EQ(ErrorOf(Text(row, "query")), expected) << Text(row, "query");
      ++count;
    }
  }
  EXPECT_GT(count, 240U);
}

TEST(InfluxqlParser, ReadsWhatStatementsName) {
  const Statement policy = Only(
      "CREATE RETENTION POLICY \"r p\" ON d DURATION 1w2d REPLICATION 3 SHARD DURATION 2h DEFAULT");
  EXPECT_EQ(policy.type, StatementType::kCreateRetentionPolicy);
  EXPECT_EQ(policy.name, "r p");
  EXPECT_EQ(policy.database, "d");
  EXPECT_EQ(policy.policy.duration_ns, int64_t{9} * 24 * 3600 * 1'000'000'000);
  EXPECT_EQ(policy.policy.shard_duration_ns, int64_t{2} * 3600 * 1'000'000'000);
  EXPECT_EQ(policy.policy.replicas, 3);
  EXPECT_TRUE(policy.policy.is_default);

  const Statement values =
      Only("SHOW TAG VALUES ON d FROM a, /b/ WITH KEY IN (x, y) LIMIT 3 OFFSET 4");
  EXPECT_EQ(values.sources.size(), 2U);
  EXPECT_TRUE(values.sources[1].is_regex);
  EXPECT_EQ(values.sources[1].name, "b");
  EXPECT_EQ(values.tag_keys.keys, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(values.limit, 3U);
  EXPECT_EQ(values.offset, 4U);

  const Statement select = Only("SELECT a AS b, * FROM d.r.m WHERE x = 'y' ORDER BY time DESC");
  EXPECT_EQ(select.fields.size(), 2U);
  EXPECT_EQ(select.fields[0].alias, "b");
  EXPECT_EQ(select.sources[0].database, "d");
  EXPECT_EQ(select.sources[0].retention_policy, "r");
  EXPECT_EQ(select.sources[0].name, "m");
  EXPECT_TRUE(select.is_descending);
  EXPECT_TRUE(select.is_plain);
  EXPECT_FALSE(Only("SELECT a FROM m GROUP BY host").is_plain);
}

TEST(InfluxqlParser, OperatorsBindAsTheyShould) {
  const Statement select = Only("SELECT f FROM m WHERE a = 'b' OR c = 'd' AND e =~ /f/");
  std::string order;
  for (const ExpressionStep& step : select.condition) {
    order += step.kind == ExpressionStep::Kind::kOperator ? TokenName(step.type) : step.text;
    order += ' ';
  }
  EXPECT_EQ(order, "a b = c d = e f =~ AND OR ");
}

ParsedQuery ReadBound(std::string_view query) {
  static const BoundParameters kParameters = {
      {"h", {TokenType::kString, "it's"}},
      {"odd name", {TokenType::kNumber, "5"}},
      {"five", {TokenType::kInteger, "5"}},
      {"m", {TokenType::kIdentifier, "cpu"}},
      {"r", {TokenType::kRegex, "c.u"}},
      {"none", {TokenType::kBoundParameter, "no value"}},
      {"half", {TokenType::kString, std::string(InfluxqlCursor::kBoundSizeMax / 2, 'x')}}};
  return ParseInfluxql(query, kStatementsMax, &kParameters);
}

TEST(InfluxqlParser, NamesStandForWhatIsBound) {
  using Kind = ExpressionStep::Kind;
  const ParsedQuery query =
      ReadBound("SELECT $m FROM $m WHERE host = $h AND f > $\"odd name\" AND g =~ $r LIMIT $five");
  ASSERT_EQ(query.error, "");
  const Statement& statement = query.statements.at(0);
  EXPECT_EQ(statement.fields.at(0).expression.at(0).text, "cpu");
  EXPECT_EQ(statement.sources.at(0).name, "cpu");
  EXPECT_EQ(statement.limit, 5U);
  EXPECT_EQ(statement.condition.at(1).kind, Kind::kString);
  EXPECT_EQ(statement.condition.at(1).text, "it's");
  EXPECT_EQ(statement.condition.at(4).kind, Kind::kNumber);
  EXPECT_EQ(statement.condition.at(4).text, "5");
  EXPECT_EQ(statement.condition.at(8).kind, Kind::kRegex);
  EXPECT_EQ(statement.condition.at(8).text, "c.u");
  EXPECT_TRUE(ReadBound("SELECT f FROM $r").statements.at(0).sources.at(0).is_regex);
}

TEST(InfluxqlParser, NamesThatAreNotBoundAreErrors) {
  constexpr std::string_view kSelect = "SELECT f FROM m WHERE a = ";
  const auto error_of = [&](std::string_view rest) {
    return ReadBound(std::string(kSelect) + std::string(rest)).error;
  };
  EXPECT_EQ(error_of("$other"), "missing parameter: other");
  EXPECT_EQ(error_of("$"), "empty bound parameter");
  EXPECT_EQ(error_of("$none"), "missing parameter: no value");
  EXPECT_EQ(ReadBound("SELECT f FROM $h").error,
            "found it's, expected identifier at line 1, char 15");
  EXPECT_EQ(error_of("$half OR b = $half"), "");
  EXPECT_EQ(error_of("$half OR b = $half OR c = $h"),
            "missing parameter: all that is bound is too long");
}

TEST(InfluxqlParser, StatementsKeepTheirText) {
  const ParsedQuery query = ParseInfluxql(" SHOW USERS ;; DROP  DATABASE x;", kStatementsMax);
  ASSERT_EQ(query.statements.size(), 2U);
  EXPECT_EQ(query.statements[0].text, "SHOW USERS");
  EXPECT_EQ(query.statements[1].text, "DROP  DATABASE x");
}

TEST(InfluxqlParser, NestingAndNumbersHaveLimits) {
  const auto nested = [](size_t depth, std::string_view open, std::string_view close) {
    std::string text = "SELECT a FROM m WHERE ";
    for (size_t i = 0; i < depth; ++i) {
      text += open;
    }
    text += "a";
    for (size_t i = 0; i < depth; ++i) {
      text += close;
    }
    return text;
  };
  EXPECT_EQ(ErrorOf(nested(100, "(", ")")), "");
  EXPECT_EQ(ErrorOf(nested(101, "(", ")")), "expressions may be nested 100 deep at most");
  EXPECT_EQ(ErrorOf(nested(30'000, "(", "")), "expressions may be nested 100 deep at most");
  EXPECT_EQ(ErrorOf(nested(30'000, "f(", "")), "expressions may be nested 100 deep at most");
  std::string subqueries;
  for (int i = 0; i < 3'000; ++i) {
    subqueries += "SELECT a FROM (";
  }
  EXPECT_EQ(ErrorOf(subqueries), "subqueries are nested too deep");
  EXPECT_EQ(ParseInfluxql("SHOW USERS;SHOW USERS", 1).error, "more than 1 statements");
}

TEST(InfluxqlParser, AnyTokensAreReadToAnEnd) {
  constexpr std::string_view kPieces[] = {"SELECT ",   "FROM ",     "WHERE ",
                                          "SHOW ",     "TAG ",      "VALUES ",
                                          "WITH ",     "KEY ",      "IN ",
                                          "(",         ")",         "CREATE ",
                                          "DATABASE ", "POLICY ",   "RETENTION ",
                                          "ON ",       "DURATION ", "1h",
                                          "5",         "1.5",       "'a'",
                                          "\"b\"",     "c",         " ",
                                          ",",         ".",         ";",
                                          "*",         "=",         "=~",
                                          "!~ ",       "/x/",       "/",
                                          "::",        ":",         "AND ",
                                          "OR ",       "-",         "--",
                                          "/*",        "*/",        "$",
                                          "\n",        "\r",        "\\",
                                          "'",         "\"",        "\xC2\xB5",
                                          "\xFF",      "GROUP BY ", "ORDER BY time ",
                                          "LIMIT ",    "DROP ",     "SERIES ",
                                          "INTO ",     "fill(",     "tz(",
                                          "ALTER ",    "DEFAULT "};
  std::minstd_rand random(20'240'607);
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (size_t pieces = random() % 24; pieces > 0; --pieces) {
      text += kPieces[random() % std::size(kPieces)];
    }
    const ParsedQuery query = ParseInfluxql(text, kStatementsMax);
    EXPECT_TRUE(query.error.empty() || query.statements.empty()) << text;
    for (const Statement& statement : query.statements) {
      EXPECT_NE(text.find(statement.text), std::string::npos);
      EXPECT_EQ(ErrorOf(statement.text), "") << statement.text;
    }
  }
}

}  // namespace
}  // namespace fluxgate::influx
