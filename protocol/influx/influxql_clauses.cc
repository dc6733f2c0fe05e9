#include "protocol/influx/influxql_clauses.h"

#include "protocol/influx/influxql_expression.h"
#include "protocol/influx/influxql_select.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace fluxgate::influx {
namespace {

constexpr std::string_view kOrderError = "only ORDER BY time supported at this time";

bool ParseSubquery(InfluxqlCursor* cursor, size_t depth, Source* source) {
  if (depth == 1) {
    return cursor->Fail("subqueries are nested too deep");
  }
  Statement inner;
  source->is_subquery = true;
  return cursor->Expect(TokenType::kSelect) &&
         ParseSelect(cursor, SelectTarget::kNone, depth - 1, &inner) &&
         cursor->Expect(TokenType::kRightParenthesis);
}

// `time`, or nothing but a direction.
bool ParseSortField(InfluxqlCursor* cursor, bool* is_descending) {
  const Token token = cursor->Take();
  if (token.type == TokenType::kAsc || token.type == TokenType::kDesc) {
    *is_descending = token.type == TokenType::kDesc;
    return true;
  }
  if (token.type != TokenType::kIdentifier) {
    return cursor->Unexpected(token, "identifier, ASC, DESC");
  }
  if (token.text != "time") {
    return cursor->Fail(kOrderError);
  }
  *is_descending = cursor->Accept(TokenType::kDesc);
  if (!*is_descending) {
    cursor->Accept(TokenType::kAsc);
  }
  return true;
}

}  // namespace

bool ParseSources(InfluxqlCursor* cursor, size_t subquery_depth, std::vector<Source>* sources) {
  do {
    sources->emplace_back();
    if (!ParseSource(cursor, subquery_depth, &sources->back())) {
      return false;
    }
  } while (cursor->Accept(TokenType::kComma));
  return true;
}

bool ParseSource(InfluxqlCursor* cursor, size_t subquery_depth, Source* source) {
  if (cursor->AtRegex()) {
    source->is_regex = true;
    return cursor->TakeRegex(&source->name, &source->place);
  }
  if (subquery_depth > 0 && cursor->Accept(TokenType::kLeftParenthesis)) {
    return ParseSubquery(cursor, subquery_depth, source);
  }
  std::vector<std::string> names;
  if (!ParseDottedNames(cursor, &names)) {
    return false;
  }
  if (names.size() < 3 && cursor->PeekByte() == '/') {
    source->is_regex = true;
    names.emplace_back();
    if (!cursor->TakeRegex(&names.back(), &source->place)) {
      return false;
    }
  }
  std::ranges::reverse(names);
  names.resize(3);
  source->name = std::move(names[0]);
  source->retention_policy = std::move(names[1]);
  source->database = std::move(names[2]);
  return true;
}

bool ParseOn(InfluxqlCursor* cursor, std::string* database) {
  return !cursor->Accept(TokenType::kOn) || cursor->TakeIdentifier(database);
}

bool ParseFrom(InfluxqlCursor* cursor, std::vector<Source>* sources) {
  return !cursor->Accept(TokenType::kFrom) || ParseSources(cursor, 0, sources);
}

bool ParseWhere(InfluxqlCursor* cursor, Expression* condition) {
  return !cursor->Accept(TokenType::kWhere) || ParseExpression(cursor, condition);
}

bool ParseGroupBy(InfluxqlCursor* cursor, bool* is_there) {
  *is_there = cursor->Accept(TokenType::kGroup);
  if (!*is_there) {
    return true;
  }
  if (!cursor->Expect(TokenType::kBy)) {
    return false;
  }
  do {
    std::string regex;
    TextPlace place;
    Expression dimension;
    if (cursor->AtRegex() ? !cursor->TakeRegex(&regex, &place)
                          : !ParseExpression(cursor, &dimension)) {
      return false;
    }
  } while (cursor->Accept(TokenType::kComma));
  return true;
}

bool ParseOrderBy(InfluxqlCursor* cursor, bool* is_descending) {
  if (!cursor->Accept(TokenType::kOrder)) {
    return true;
  }
  if (!cursor->Expect(TokenType::kBy) || !ParseSortField(cursor, is_descending)) {
    return false;
  }
  std::string further;
  if (cursor->Accept(TokenType::kComma)) {
    return cursor->TakeIdentifier(&further) && cursor->Fail(kOrderError);
  }
  return true;
}

bool ParseCount(InfluxqlCursor* cursor, TokenType word, uint64_t* count) {
  if (!cursor->Accept(word)) {
    return true;
  }
  const Token token = cursor->Take();
  if (token.type != TokenType::kInteger) {
    return cursor->Unexpected(token, "integer");
  }
  const char* const end = token.text.data() + token.text.size();
  if (std::from_chars(token.text.data(), end, *count).ec != std::errc()) {
    *count = INT64_MAX;
  }
  return true;
}

}  // namespace fluxgate::influx
