// A parser's place in a query, and the error that stopped it.
//
// Lifetime: views the text and the bound parameters.
// Errors: each Take...() and Expect() returns false and sets `error` when the next token is not
// what is wanted. The first error stays.
// Bounds: errors quote at most kShownSizeMax bytes of a token; what stands for bound parameters is
// at most kBoundSizeMax in all.
// Thread: compatible.
// Spec: InfluxQL 1.x parser's messages.
#pragma once

#include "protocol/influx/influxql_lexer.h"
#include "protocol/influx/influxql_parameters.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fluxgate::influx {

class InfluxqlCursor {
 public:
  static constexpr size_t kShownSizeMax = 64;

  // As much as a query may have text: a short name must not stand for megabytes.
  static constexpr size_t kBoundSizeMax = size_t{64} << 10;

  // `parameters`: null when there are none.
  explicit InfluxqlCursor(std::string_view text, const BoundParameters* parameters = nullptr)
      : lexer_(text), parameters_(parameters) {}

  // The next token, which stays the next one. A name that is bound is what it stands for, of which
  // the first kShownSizeMax bytes are told.
  Token Peek() const;
  bool NextIs(TokenType type) const { return Peek().type == type; }

  Token Take();

  // Takes the next token if it is of the type.
  bool Accept(TokenType type);

  // The same, with no blank or comment in front of it.
  bool AcceptAdjacent(TokenType type);

  bool Expect(TokenType type) { return Expect(type, TokenName(type)); }
  bool Expect(TokenType type, std::string_view expected);

  bool TakeIdentifier(std::string* name);
  bool TakeString(std::string* text);
  bool TakeUnsigned(uint64_t* number);
  bool TakeReplicas(int* number);
  bool TakeDuration(int64_t* duration_ns);  // INF is 0
  bool TakeRegex(std::string* regex, TextPlace* place);

  bool AtRegex();
  char PeekByte() const { return lexer_.Peek(); }
  size_t offset() const { return lexer_.offset(); }

  // Set the error; all return false.
  bool Unexpected(const Token& found, std::string_view expected);
  bool Fail(std::string_view message, const TextPlace& place);
  bool Fail(std::string_view message);

  const std::string& error() const { return error_; }

 private:
  const BoundParameter* FindBound(const Token& token) const;

  InfluxqlLexer lexer_;
  const BoundParameters* parameters_;
  size_t bound_size_ = 0;
  std::string error_;
};

// `message at line 1, char 2`.
std::string WithPlace(std::string_view message, const TextPlace& place);

}  // namespace fluxgate::influx
