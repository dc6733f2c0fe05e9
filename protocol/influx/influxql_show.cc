#include "protocol/influx/influxql_show.h"

#include "protocol/influx/influxql_clauses.h"

namespace fluxgate::influx {
namespace {

bool ParseKeyList(InfluxqlCursor* cursor, std::vector<std::string>* keys) {
  if (!cursor->Expect(TokenType::kLeftParenthesis)) {
    return false;
  }
  do {
    keys->emplace_back();
    if (!cursor->TakeIdentifier(&keys->back())) {
      return false;
    }
  } while (cursor->Accept(TokenType::kComma));
  return cursor->Expect(TokenType::kRightParenthesis);
}

// WITH KEY, which must be there.
bool ParseTagKeyFilter(InfluxqlCursor* cursor, TagKeyFilter* filter) {
  if (!cursor->Expect(TokenType::kWith) || !cursor->Expect(TokenType::kKey)) {
    return false;
  }
  const Token token = cursor->Take();
  filter->type = token.type;
  switch (token.type) {
    case TokenType::kIn:
      return ParseKeyList(cursor, &filter->keys);
    case TokenType::kEqual:
    case TokenType::kNotEqual:
      filter->keys.resize(1);
      return cursor->TakeIdentifier(&filter->keys.front());
    case TokenType::kMatches:
    case TokenType::kNotMatches:
      filter->keys.resize(1);
      return cursor->TakeRegex(&filter->keys.front(), &filter->place);
    default:
      return cursor->Unexpected(token, "IN, =, =~");
  }
}

// WITH MEASUREMENT, which may be there.
bool ParseWithMeasurement(InfluxqlCursor* cursor, Statement* statement) {
  if (!cursor->Accept(TokenType::kWith)) {
    return true;
  }
  if (!cursor->Expect(TokenType::kMeasurement)) {
    return false;
  }
  const Token token = cursor->Take();
  if (token.type != TokenType::kEqual && token.type != TokenType::kMatches) {
    return cursor->Unexpected(token, "=, =~");
  }
  statement->sources.emplace_back();
  return ParseSource(cursor, 0, &statement->sources.back());
}

bool ParseOnFrom(InfluxqlCursor* cursor, Statement* statement) {
  return ParseOn(cursor, &statement->database) && ParseFrom(cursor, &statement->sources);
}

bool ParseOrderAndLimit(InfluxqlCursor* cursor, Statement* statement) {
  return ParseOrderBy(cursor, &statement->is_descending) &&
         ParseCount(cursor, TokenType::kLimit, &statement->limit) &&
         ParseCount(cursor, TokenType::kOffset, &statement->offset);
}

bool ParseCardinalityClauses(InfluxqlCursor* cursor, Statement* statement) {
  bool is_grouped = false;
  const bool parsed = ParseWhere(cursor, &statement->condition) &&
                      ParseGroupBy(cursor, &is_grouped) &&
                      ParseCount(cursor, TokenType::kLimit, &statement->limit) &&
                      ParseCount(cursor, TokenType::kOffset, &statement->offset);
  statement->is_plain = !is_grouped;
  return parsed;
}

}  // namespace

bool ParseNothing(InfluxqlCursor* /*cursor*/, Statement* /*statement*/) {
  return true;
}

bool ParseShowModule(InfluxqlCursor* cursor, Statement* statement) {
  return !cursor->Accept(TokenType::kFor) || cursor->TakeString(&statement->name);
}

bool ParseShowPolicies(InfluxqlCursor* cursor, Statement* statement) {
  return ParseOn(cursor, &statement->database);
}

bool ParseShowMeasurements(InfluxqlCursor* cursor, Statement* statement) {
  return ParseOn(cursor, &statement->database) && ParseWithMeasurement(cursor, statement) &&
         ParseWhere(cursor, &statement->condition) && ParseOrderAndLimit(cursor, statement);
}

bool ParseShowSeries(InfluxqlCursor* cursor, Statement* statement) {
  // Without CARDINALITY behind it, the word changes nothing.
  statement->is_exact = cursor->Accept(TokenType::kExact);
  if (cursor->Accept(TokenType::kCardinality)) {
    statement->type = StatementType::kShowSeriesCardinality;
    return ParseCardinality(cursor, statement);
  }
  return ParseOnFrom(cursor, statement) && ParseWhere(cursor, &statement->condition) &&
         ParseOrderAndLimit(cursor, statement);
}

bool ParseShowTagKeys(InfluxqlCursor* cursor, Statement* statement) {
  uint64_t series_limit = 0;
  uint64_t series_offset = 0;
  return ParseOnFrom(cursor, statement) && ParseWhere(cursor, &statement->condition) &&
         ParseOrderAndLimit(cursor, statement) &&
         ParseCount(cursor, TokenType::kSlimit, &series_limit) &&
         ParseCount(cursor, TokenType::kSoffset, &series_offset);
}

bool ParseShowTagValues(InfluxqlCursor* cursor, Statement* statement) {
  statement->is_exact = cursor->Accept(TokenType::kExact);
  if (statement->is_exact || cursor->NextIs(TokenType::kCardinality)) {
    statement->type = StatementType::kShowTagValuesCardinality;
    return cursor->Expect(TokenType::kCardinality) && ParseOnFrom(cursor, statement) &&
           ParseTagKeyFilter(cursor, &statement->tag_keys) &&
           ParseCardinalityClauses(cursor, statement);
  }
  return ParseOnFrom(cursor, statement) && ParseTagKeyFilter(cursor, &statement->tag_keys) &&
         ParseWhere(cursor, &statement->condition) && ParseOrderAndLimit(cursor, statement);
}

bool ParseShowFieldKeys(InfluxqlCursor* cursor, Statement* statement) {
  return ParseOnFrom(cursor, statement) && ParseOrderAndLimit(cursor, statement);
}

bool ParseCardinality(InfluxqlCursor* cursor, Statement* statement) {
  return ParseOnFrom(cursor, statement) && ParseCardinalityClauses(cursor, statement);
}

bool ParseExactCardinality(InfluxqlCursor* cursor, Statement* statement) {
  statement->is_exact = true;
  return cursor->Expect(TokenType::kCardinality) && ParseCardinality(cursor, statement);
}

bool ParseKeyCardinality(InfluxqlCursor* cursor, Statement* statement) {
  statement->is_exact = cursor->Accept(TokenType::kExact);
  return cursor->Expect(TokenType::kCardinality,
                        statement->is_exact ? "CARDINALITY" : "EXACT, CARDINALITY") &&
         ParseCardinality(cursor, statement);
}

bool ParseDelete(InfluxqlCursor* cursor, Statement* statement) {
  const Token first = cursor->Peek();
  if (!ParseFrom(cursor, &statement->sources)) {
    return false;
  }
  for (const Source& source : statement->sources) {
    if (!source.retention_policy.empty()) {
      return cursor->Fail("retention policy not supported", {});
    }
    if (!source.database.empty()) {
      return cursor->Fail("database not supported", {});
    }
  }
  if (!ParseWhere(cursor, &statement->condition)) {
    return false;
  }
  return !statement->sources.empty() || !statement->condition.empty() ||
         cursor->Unexpected(first, "FROM, WHERE");
}

}  // namespace fluxgate::influx
