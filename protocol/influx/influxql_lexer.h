// Splits InfluxQL text into tokens, on demand: whether a `/` begins a regular expression is known
// to the parser only.
//
// Encodings: the text may be any bytes; columns count code points, a byte that is no part of one as
// one. NUL ends the text. CR and CR LF count as LF.
// Lifetime: views the text. A lexer is a place in the text and is copied to come back to it.
// Errors: are tokens (kIllegal, kBadString, kBadEscape, kBadRegex). A text or escape that is not
// closed takes what is left.
// Thread: compatible.
// Spec: InfluxQL 1.x scanner, with its places: a quoted text is reported one column to the
// left, and the end behind a word or a blank one to the right.
#pragma once

#include "protocol/influx/influxql_token.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fluxgate::influx {

class InfluxqlLexer {
 public:
  explicit InfluxqlLexer(std::string_view text) : text_(text) {}

  // The next token, blanks and comments included.
  Token NextRaw();

  // The next token that is neither a blank nor a comment.
  Token Next();

  // Passes over blanks; true when a `/` comes next.
  bool AtRegex();

  // The regular expression that begins with the `/` that comes next, without its slashes.
  Token NextRegex();

  // The next byte, 0 at the end.
  char Peek() const { return offset_ < text_.size() ? text_[offset_] : '\0'; }

  // How much of the text has been passed over.
  size_t offset() const { return offset_; }

 private:
  bool AtEnd() const { return Peek() == '\0'; }
  std::string_view Advance();
  bool Accept(char byte);
  Token Blank();
  Token Identifier();
  Token Quoted(char quote);
  Token Number();
  Token Sign();
  void CountEnd();
  void SkipLine();
  bool SkipComment();
  void TakeWhile(bool (*takes)(char byte), std::string* text);

  std::string_view text_;
  size_t offset_ = 0;
  TextPlace place_;     // of the byte at offset_
  TextPlace previous_;  // of the code point before it
  bool end_is_counted_ = false;
};

}  // namespace fluxgate::influx
