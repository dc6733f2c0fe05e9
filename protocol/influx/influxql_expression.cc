#include "protocol/influx/influxql_expression.h"

#include "protocol/influx/influxql_duration.h"
#include "protocol/influx/influxql_text.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_format.h>

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace fluxgate::influx {
namespace {

using Kind = ExpressionStep::Kind;

constexpr std::string_view kOperandExpected = "identifier, string, number, bool";
constexpr std::string_view kSignedExpected = "identifier, number, duration, (";
constexpr size_t kDottedNamesMax = 3;
constexpr size_t kDottedNamesShownMax = 8;

bool IsUnsigned64(std::string_view digits) {
  uint64_t number = 0;
  return std::from_chars(digits.data(), digits.data() + digits.size(), number).ec == std::errc();
}

bool FailForTooManyNames(InfluxqlCursor* cursor, const std::vector<std::string>& names) {
  std::string text;
  for (size_t i = 0; i + 1 < names.size(); ++i) {
    text += QuoteText(names[i], '"') + ".";
  }
  return cursor->Fail("too many segments in " + text + QuoteIdentifier(names.back()), {});
}

// `text`: `$name`, or what is wrong with what it stands for.
bool FailForParameter(InfluxqlCursor* cursor, std::string_view text) {
  if (text == "$") {
    return cursor->Fail("empty bound parameter");
  }
  text.remove_prefix(text.starts_with('$') ? 1 : 0);
  return cursor->Fail(absl::StrFormat("missing parameter: %s", text));
}

// What follows the first of dotted names.
bool ParseFurtherNames(InfluxqlCursor* cursor, std::vector<std::string>* names) {
  while (cursor->AcceptAdjacent(TokenType::kDot)) {
    const char next = cursor->PeekByte();
    if (next == '/' || next == ':') {
      break;
    }
    names->emplace_back();
    if (next != '.' && !cursor->TakeIdentifier(&names->back())) {
      return false;
    }
    if (names->size() > kDottedNamesShownMax) {
      break;
    }
  }
  return names->size() <= kDottedNamesMax || FailForTooManyNames(cursor, *names);
}

// One expression while it is read; counts how deep it is nested.
class ExpressionParser {
 public:
  ExpressionParser(InfluxqlCursor* cursor, Expression* expression)
      : cursor_(cursor), expression_(expression) {}

  bool Parse(int precedence_min);

 private:
  bool ParseOperand();
  bool ParseName(Token first);
  bool ParseCall(std::string name);
  bool ParseArgument();
  bool ParseDistinct();
  bool ParseWildcard();
  bool ParseSigned(bool is_negative);
  bool ParseLiteral(Token token);
  bool ParseParenthesis();
  bool ParseTypeSuffix(std::string_view expected, bool takes_types, TokenType* type);
  bool Add(ExpressionStep step);

  InfluxqlCursor* const cursor_;
  Expression* const expression_;
  size_t depth_ = 0;
};

bool ExpressionParser::Add(ExpressionStep step) {
  expression_->push_back(std::move(step));
  return true;
}

bool ExpressionParser::Parse(int precedence_min) {
  if (!ParseOperand()) {
    return false;
  }
  for (TokenType type = cursor_->Peek().type; Precedence(type) >= precedence_min;
       type = cursor_->Peek().type) {
    cursor_->Take();
    if (type == TokenType::kMatches || type == TokenType::kNotMatches) {
      ExpressionStep regex{.kind = Kind::kRegex};
      if (!cursor_->TakeRegex(&regex.text, &regex.place)) {
        return false;
      }
      Add(std::move(regex));
    } else if (!Parse(Precedence(type) + 1)) {
      return false;
    }
    Add({.kind = Kind::kOperator, .type = type});
  }
  return true;
}

bool ExpressionParser::ParseOperand() {
  Token token = cursor_->Take();
  switch (token.type) {
    case TokenType::kLeftParenthesis:
      return ParseParenthesis();
    case TokenType::kIdentifier:
      if (cursor_->AcceptAdjacent(TokenType::kLeftParenthesis)) {
        return ParseCall(std::move(token.text));
      }
      return ParseName(std::move(token));
    case TokenType::kDistinct:
      return ParseDistinct();
    case TokenType::kMultiply:
      return ParseWildcard();
    case TokenType::kAdd:
    case TokenType::kSubtract:
      return ParseSigned(token.type == TokenType::kSubtract);
    case TokenType::kBoundParameter:
      return FailForParameter(cursor_, token.text);
    default:
      return ParseLiteral(std::move(token));
  }
}

bool ExpressionParser::ParseLiteral(Token token) {
  switch (token.type) {
    case TokenType::kString:
      return Add({.kind = Kind::kString, .text = std::move(token.text)});
    case TokenType::kInteger:
      if (!IsUnsigned64(token.text)) {
        return cursor_->Fail("unable to parse integer", token.place);
      }
      [[fallthrough]];
    case TokenType::kNumber:
      return Add({.kind = Kind::kNumber, .text = std::move(token.text)});
    case TokenType::kDuration:
      if (!ParseDuration(token.text)) {
        return cursor_->Fail("invalid duration");
      }
      return Add({.kind = Kind::kNumber, .text = std::move(token.text)});
    case TokenType::kTrue:
    case TokenType::kFalse:
      return Add({.kind = Kind::kBoolean, .type = token.type});
    default:
      return cursor_->Unexpected(token, kOperandExpected);
  }
}

bool ExpressionParser::ParseParenthesis() {
  if (++depth_ > kExpressionDepthMax) {
    return cursor_->Fail(
        absl::StrFormat("expressions may be nested %d deep at most", kExpressionDepthMax));
  }
  const bool parsed = Parse(1) && cursor_->Expect(TokenType::kRightParenthesis);
  --depth_;
  return parsed;
}

// `float` and its like are accepted and change nothing: the cache has one kind of number.
bool ExpressionParser::ParseTypeSuffix(std::string_view expected, bool takes_types,
                                       TokenType* type) {
  if (!cursor_->AcceptAdjacent(TokenType::kDoubleColon)) {
    return true;
  }
  const Token token = cursor_->Take();
  if (token.type == TokenType::kField || token.type == TokenType::kTag) {
    *type = token.type;
    return true;
  }
  const std::string name = absl::AsciiStrToLower({token.text.data(), token.text.size()});
  for (const std::string_view known : {"float", "integer", "unsigned", "string", "boolean"}) {
    if (takes_types && token.type == TokenType::kIdentifier && name == known) {
      *type = TokenType::kField;
      return true;
    }
  }
  return cursor_->Unexpected(token, expected);
}

bool ExpressionParser::ParseName(Token first) {
  std::vector<std::string> names = {std::move(first.text)};
  if (!ParseFurtherNames(cursor_, &names)) {
    return false;
  }
  ExpressionStep step{.kind = Kind::kName};
  for (const std::string& name : names) {
    step.text += (&name == &names.front() ? "" : ".") + name;
  }
  return ParseTypeSuffix("float, integer, unsigned, string, boolean, field, tag", true,
                         &step.type) &&
         Add(std::move(step));
}

bool ExpressionParser::ParseWildcard() {
  ExpressionStep step{.kind = Kind::kWildcard};
  return ParseTypeSuffix("field, tag", false, &step.type) && Add(std::move(step));
}

bool ExpressionParser::ParseDistinct() {
  if (cursor_->AcceptAdjacent(TokenType::kLeftParenthesis)) {
    return ParseCall("distinct");
  }
  if (!cursor_->AcceptAdjacent(TokenType::kBlank)) {
    return cursor_->Unexpected(cursor_->Take(), "(, identifier");
  }
  ExpressionStep step{.kind = Kind::kDistinct};
  return cursor_->TakeIdentifier(&step.text) && Add(std::move(step));
}

bool ExpressionParser::ParseSigned(bool is_negative) {
  const Token next = cursor_->Peek();
  switch (next.type) {
    case TokenType::kNumber:
    case TokenType::kInteger:
    case TokenType::kDuration:
    case TokenType::kLeftParenthesis:
    case TokenType::kIdentifier:
      break;
    default:
      return cursor_->Unexpected(next, kSignedExpected);
  }
  return ParseOperand() && (!is_negative || Add({.kind = Kind::kNegation}));
}

bool ExpressionParser::ParseArgument() {
  if (!cursor_->AtRegex()) {
    return Parse(1);
  }
  ExpressionStep regex{.kind = Kind::kRegex};
  return cursor_->TakeRegex(&regex.text, &regex.place) && Add(std::move(regex));
}

bool ExpressionParser::ParseCall(std::string name) {
  if (++depth_ > kExpressionDepthMax) {
    return cursor_->Fail(
        absl::StrFormat("expressions may be nested %d deep at most", kExpressionDepthMax));
  }
  ExpressionStep call{.kind = Kind::kCall, .text = std::move(name)};
  if (!cursor_->AcceptAdjacent(TokenType::kRightParenthesis)) {
    do {
      if (!ParseArgument()) {
        return false;
      }
      ++call.count;
    } while (cursor_->Accept(TokenType::kComma));
    if (!cursor_->Expect(TokenType::kRightParenthesis)) {
      return false;
    }
  }
  --depth_;
  return Add(std::move(call));
}

}  // namespace

bool ParseExpression(InfluxqlCursor* cursor, Expression* expression) {
  return ExpressionParser(cursor, expression).Parse(1);
}

bool ParseDottedNames(InfluxqlCursor* cursor, std::vector<std::string>* names) {
  names->emplace_back();
  return cursor->TakeIdentifier(&names->back()) && ParseFurtherNames(cursor, names);
}

}  // namespace fluxgate::influx
