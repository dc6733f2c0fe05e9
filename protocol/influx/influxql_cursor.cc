#include "protocol/influx/influxql_cursor.h"

#include "protocol/influx/influxql_duration.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace fluxgate::influx {

std::string WithPlace(std::string_view message, const TextPlace& place) {
  return absl::StrFormat("%s at line %d, char %d", message, place.line + 1, place.column + 1);
}

// What a token stands for; null: itself.
const BoundParameter* InfluxqlCursor::FindBound(const Token& token) const {
  if (token.type != TokenType::kBoundParameter || parameters_ == nullptr) {
    return nullptr;
  }
  const auto found = parameters_->find(std::string_view(token.text).substr(1));
  return found == parameters_->end() ? nullptr : &found->second;
}

Token InfluxqlCursor::Peek() const {
  InfluxqlLexer ahead = lexer_;
  Token token = ahead.Next();
  if (const BoundParameter* const bound = FindBound(token)) {
    token.type = bound->type;
    token.text = bound->text.substr(0, kShownSizeMax);
  }
  return token;
}

Token InfluxqlCursor::Take() {
  Token token = lexer_.Next();
  if (token.type == TokenType::kBoundParameter) {
    const BoundParameter* const bound = FindBound(token);
    bound_size_ += bound != nullptr ? bound->text.size() : token.text.size();
    if (bound_size_ > kBoundSizeMax) {
      token.text = "all that is bound is too long";
    } else if (bound != nullptr) {
      token.type = bound->type;
      token.text = bound->text;
    }
  }
  return token;
}

bool InfluxqlCursor::AtRegex() {
  return lexer_.AtRegex() || (parameters_ != nullptr && NextIs(TokenType::kRegex));
}

bool InfluxqlCursor::Accept(TokenType type) {
  InfluxqlLexer ahead = lexer_;
  if (ahead.Next().type != type) {
    return false;
  }
  lexer_ = ahead;
  return true;
}

bool InfluxqlCursor::AcceptAdjacent(TokenType type) {
  InfluxqlLexer ahead = lexer_;
  if (ahead.NextRaw().type != type) {
    return false;
  }
  lexer_ = ahead;
  return true;
}

bool InfluxqlCursor::Expect(TokenType type, std::string_view expected) {
  const Token token = Take();
  return token.type == type || Unexpected(token, expected);
}

bool InfluxqlCursor::TakeIdentifier(std::string* name) {
  Token token = Take();
  if (token.type != TokenType::kIdentifier) {
    return Unexpected(token, "identifier");
  }
  *name = std::move(token.text);
  return true;
}

bool InfluxqlCursor::TakeString(std::string* text) {
  Token token = Take();
  if (token.type != TokenType::kString) {
    return Unexpected(token, "string");
  }
  *text = std::move(token.text);
  return true;
}

bool InfluxqlCursor::TakeUnsigned(uint64_t* number) {
  const Token token = Take();
  if (token.type != TokenType::kInteger) {
    return Unexpected(token, "integer");
  }
  const char* const end = token.text.data() + token.text.size();
  if (std::from_chars(token.text.data(), end, *number).ec != std::errc()) {
    return Fail(absl::StrFormat("strconv.ParseUint: parsing \"%s\": value out of range",
                                token.text.substr(0, kShownSizeMax)),
                token.place);
  }
  return true;
}

bool InfluxqlCursor::TakeReplicas(int* number) {
  constexpr uint64_t kReplicasMax = 2147483647;
  const TextPlace place = Peek().place;
  uint64_t count = 0;
  if (!TakeUnsigned(&count)) {
    return false;
  }
  if (count < 1 || count > kReplicasMax) {
    return Fail(absl::StrFormat("invalid value %d: must be 1 <= n <= %d", count, kReplicasMax),
                place);
  }
  *number = static_cast<int>(count);
  return true;
}

bool InfluxqlCursor::TakeDuration(int64_t* duration_ns) {
  const Token token = Take();
  if (token.type == TokenType::kInf) {
    *duration_ns = 0;
    return true;
  }
  if (token.type != TokenType::kDuration) {
    return Unexpected(token, "duration");
  }
  const std::optional<int64_t> duration = ParseDuration(token.text);
  if (!duration) {
    return Fail("invalid duration", token.place);
  }
  *duration_ns = *duration;
  return true;
}

bool InfluxqlCursor::TakeRegex(std::string* regex, TextPlace* place) {
  const bool is_written = lexer_.AtRegex();
  Token token = is_written ? lexer_.NextRegex() : Take();
  if (token.type != TokenType::kRegex) {
    return is_written ? Fail("bad regex: ", token.place) : Unexpected(token, "regex");
  }
  *regex = std::move(token.text);
  *place = token.place;
  return true;
}

bool InfluxqlCursor::Unexpected(const Token& found, std::string_view expected) {
  return Fail(absl::StrFormat("found %s, expected %s", TokenShown(found).substr(0, kShownSizeMax),
                              expected),
              found.place);
}

bool InfluxqlCursor::Fail(std::string_view message, const TextPlace& place) {
  return Fail(WithPlace(message, place));
}

bool InfluxqlCursor::Fail(std::string_view message) {
  if (error_.empty()) {
    error_ = message;
  }
  return false;
}

}  // namespace fluxgate::influx
