#include "protocol/influx/influxql_token.h"

#include <absl/strings/match.h>

#include <algorithm>
#include <iterator>

namespace fluxgate::influx {
namespace {

// By TokenType.
constexpr std::string_view kNames[] = {
    "ILLEGAL",
    "EOF",
    "WS",
    "COMMENT",
    "IDENT",
    "NUMBER",
    "INTEGER",
    "DURATIONVAL",
    "STRING",
    "BADSTRING",
    "BADESCAPE",
    "REGEX",
    "BADREGEX",
    "BOUNDPARAM",
    "+",
    "-",
    "*",
    "/",
    "%",
    "&",
    "|",
    "^",
    "AND",
    "OR",
    "=",
    "!=",
    "=~",
    "!~",
    "<",
    "<=",
    ">",
    ">=",
    "(",
    ")",
    ",",
    ":",
    "::",
    ";",
    ".",
    "ALL",
    "ALTER",
    "ANALYZE",
    "ANY",
    "AS",
    "ASC",
    "BEGIN",
    "BY",
    "CARDINALITY",
    "CONTINUOUS",
    "CREATE",
    "DATABASE",
    "DATABASES",
    "DEFAULT",
    "DELETE",
    "DESC",
    "DESTINATIONS",
    "DIAGNOSTICS",
    "DISTINCT",
    "DROP",
    "DURATION",
    "END",
    "EVERY",
    "EXACT",
    "EXPLAIN",
    "FALSE",
    "FIELD",
    "FOR",
    "FROM",
    "GRANT",
    "GRANTS",
    "GROUP",
    "GROUPS",
    "IN",
    "INF",
    "INSERT",
    "INTO",
    "KEY",
    "KEYS",
    "KILL",
    "LIMIT",
    "MEASUREMENT",
    "MEASUREMENTS",
    "NAME",
    "OFFSET",
    "ON",
    "ORDER",
    "PASSWORD",
    "POLICIES",
    "POLICY",
    "PRIVILEGES",
    "QUERIES",
    "QUERY",
    "READ",
    "REPLICATION",
    "RESAMPLE",
    "RETENTION",
    "REVOKE",
    "SELECT",
    "SERIES",
    "SET",
    "SHARD",
    "SHARDS",
    "SHOW",
    "SLIMIT",
    "SOFFSET",
    "STATS",
    "SUBSCRIPTION",
    "SUBSCRIPTIONS",
    "TAG",
    "TO",
    "TRUE",
    "USER",
    "USERS",
    "VALUES",
    "WHERE",
    "WITH",
    "WRITE",
};
static_assert(std::size(kNames) == static_cast<size_t>(TokenType::kWrite) + 1);

constexpr TokenType kFirstKeyword = TokenType::kAll;

struct OperatorPrecedence {
  TokenType type;
  int precedence;
};

constexpr OperatorPrecedence kPrecedences[] = {
    {TokenType::kOrOperator, 1},   {TokenType::kAndOperator, 2}, {TokenType::kEqual, 3},
    {TokenType::kNotEqual, 3},     {TokenType::kMatches, 3},     {TokenType::kNotMatches, 3},
    {TokenType::kLess, 3},         {TokenType::kLessEqual, 3},   {TokenType::kGreater, 3},
    {TokenType::kGreaterEqual, 3}, {TokenType::kAdd, 4},         {TokenType::kSubtract, 4},
    {TokenType::kBitOr, 4},        {TokenType::kBitXor, 4},      {TokenType::kMultiply, 5},
    {TokenType::kDivide, 5},       {TokenType::kModulo, 5},      {TokenType::kBitAnd, 5},
};

bool Spells(std::string_view word, std::string_view keyword) {
  return absl::EqualsIgnoreCase({word.data(), word.size()}, {keyword.data(), keyword.size()});
}

}  // namespace

std::string_view TokenName(TokenType type) {
  return kNames[static_cast<size_t>(type)];
}

std::string_view TokenShown(const Token& token) {
  return token.text.empty() ? TokenName(token.type) : std::string_view(token.text);
}

TokenType FindKeyword(std::string_view word) {
  for (const TokenType type : {TokenType::kAndOperator, TokenType::kOrOperator}) {
    if (Spells(word, TokenName(type))) {
      return type;
    }
  }
  const auto* const first = std::begin(kNames) + static_cast<size_t>(kFirstKeyword);
  const auto* const found = std::find_if(first, std::end(kNames),
                                         [&](std::string_view name) { return Spells(word, name); });
  return found == std::end(kNames) ? TokenType::kIdentifier
                                   : static_cast<TokenType>(found - std::begin(kNames));
}

bool IsKeyword(TokenType type) {
  return type >= kFirstKeyword || type == TokenType::kAndOperator || type == TokenType::kOrOperator;
}

int Precedence(TokenType type) {
  const auto* const found = std::ranges::find(kPrecedences, type, &OperatorPrecedence::type);
  return found == std::end(kPrecedences) ? 0 : found->precedence;
}

}  // namespace fluxgate::influx
