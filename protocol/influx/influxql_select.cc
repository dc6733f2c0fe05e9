#include "protocol/influx/influxql_select.h"

#include "protocol/influx/influxql_clauses.h"
#include "protocol/influx/influxql_expression.h"

#include <absl/strings/match.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <utility>

namespace fluxgate::influx {
namespace {

using Kind = ExpressionStep::Kind;

constexpr int kArithmeticPrecedence = 4;  // and above

bool ParseSelectedField(InfluxqlCursor* cursor, SelectedField* field) {
  if (cursor->AtRegex()) {
    ExpressionStep regex{.kind = Kind::kRegex};
    if (!cursor->TakeRegex(&regex.text, &regex.place)) {
      return false;
    }
    field->expression.push_back(std::move(regex));
  } else {
    const TextPlace place = cursor->Peek().place;
    if (!ParseExpression(cursor, &field->expression)) {
      return false;
    }
    const auto comparison = std::ranges::find_if(field->expression, [](const ExpressionStep& step) {
      return step.kind == Kind::kOperator && Precedence(step.type) < kArithmeticPrecedence;
    });
    if (comparison != field->expression.end()) {
      return cursor->Fail(absl::StrFormat(
          "%s; operator is intended for WHERE clause",
          WithPlace(
              absl::StrFormat("invalid operator %s in SELECT clause", TokenName(comparison->type)),
              place)));
    }
  }
  return !cursor->Accept(TokenType::kAs) || cursor->TakeIdentifier(&field->alias);
}

bool ParseFields(InfluxqlCursor* cursor, std::vector<SelectedField>* fields) {
  do {
    fields->emplace_back();
    if (!ParseSelectedField(cursor, &fields->back())) {
      return false;
    }
  } while (cursor->Accept(TokenType::kComma));
  return true;
}

bool ParseTarget(InfluxqlCursor* cursor, SelectTarget target, Statement* statement) {
  if (target == SelectTarget::kNone || !cursor->NextIs(TokenType::kInto)) {
    return target != SelectTarget::kRequired || cursor->Expect(TokenType::kInto);
  }
  cursor->Take();
  statement->has_target = true;
  std::vector<std::string> names;
  if (!ParseDottedNames(cursor, &names)) {
    return false;
  }
  return !cursor->AcceptAdjacent(TokenType::kColon) || cursor->Expect(TokenType::kMeasurement);
}

// A call that stands for a clause, `name(argument)`. `call` stays empty when it does not come next.
bool ParseClauseCall(InfluxqlCursor* cursor, std::string_view name, Expression* call) {
  const Token token = cursor->Peek();
  const std::string_view text = token.text;
  return token.type != TokenType::kIdentifier ||
         !absl::EqualsIgnoreCase({text.data(), text.size()}, {name.data(), name.size()}) ||
         ParseExpression(cursor, call);
}

bool ParseFill(InfluxqlCursor* cursor, bool* is_there) {
  Expression call;
  if (!ParseClauseCall(cursor, "fill", &call)) {
    return false;
  }
  *is_there = !call.empty();
  if (!*is_there) {
    return true;
  }
  if (call.back().kind != Kind::kCall) {
    return cursor->Fail("fill must be a function call");
  }
  if (call.back().count != 1) {
    return cursor->Fail("fill requires an argument, e.g.: 0, null, none, previous, linear");
  }
  const ExpressionStep& argument = call.front();
  constexpr std::string_view kOptions[] = {"null", "none", "previous", "linear"};
  const bool is_option = argument.kind == Kind::kName &&
                         std::ranges::find(kOptions, argument.text) != std::end(kOptions);
  return is_option || argument.kind == Kind::kNumber ||
         cursor->Fail("expected number argument in fill()");
}

bool ParseTimeZone(InfluxqlCursor* cursor, bool* is_there) {
  Expression call;
  if (!ParseClauseCall(cursor, "tz", &call)) {
    return false;
  }
  *is_there = !call.empty();
  if (!*is_there) {
    return true;
  }
  if (call.back().kind != Kind::kCall) {
    return cursor->Fail("tz must be a function call");
  }
  if (call.back().count != 1) {
    return cursor->Fail("tz requires exactly one argument");
  }
  return call.front().kind == Kind::kString || cursor->Fail("expected string argument in tz()");
}

}  // namespace

bool ParseSelect(InfluxqlCursor* cursor, SelectTarget target, size_t subquery_depth,
                 Statement* statement) {
  bool is_grouped = false;
  bool is_filled = false;
  bool is_zoned = false;
  uint64_t series_limit = 0;
  uint64_t series_offset = 0;
  const bool parsed =
      ParseFields(cursor, &statement->fields) && ParseTarget(cursor, target, statement) &&
      cursor->Expect(TokenType::kFrom) &&
      ParseSources(cursor, subquery_depth, &statement->sources) &&
      ParseWhere(cursor, &statement->condition) && ParseGroupBy(cursor, &is_grouped) &&
      ParseFill(cursor, &is_filled) && ParseOrderBy(cursor, &statement->is_descending) &&
      ParseCount(cursor, TokenType::kLimit, &statement->limit) &&
      ParseCount(cursor, TokenType::kOffset, &statement->offset) &&
      ParseCount(cursor, TokenType::kSlimit, &series_limit) &&
      ParseCount(cursor, TokenType::kSoffset, &series_offset) && ParseTimeZone(cursor, &is_zoned);
  statement->is_plain =
      !is_grouped && !is_filled && !is_zoned && series_limit == 0 && series_offset == 0;
  return parsed;
}

}  // namespace fluxgate::influx
