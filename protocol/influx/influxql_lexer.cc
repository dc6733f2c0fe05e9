#include "protocol/influx/influxql_lexer.h"

#include <absl/strings/ascii.h>

#include <algorithm>
#include <array>
#include <utility>

namespace fluxgate::influx {
namespace {

bool IsBlankByte(char byte) {
  return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

bool IsLetter(char byte) {
  return absl::ascii_isalpha(static_cast<unsigned char>(byte));
}

bool IsDigit(char byte) {
  return absl::ascii_isdigit(static_cast<unsigned char>(byte));
}

bool IsIdentifierByte(char byte) {
  return IsLetter(byte) || IsDigit(byte) || byte == '_';
}

constexpr std::string_view kMicro = "\xC2\xB5";  // µ

// Letters, digits and the two bytes of µ.
bool IsDurationByte(char byte) {
  return IsLetter(byte) || IsDigit(byte) || kMicro.find(byte) != std::string_view::npos;
}

// The size of the code point that `text`, which is not empty, begins with. Only continuation bytes
// are looked at: columns need no more.
size_t CodePointSize(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const size_t size = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  for (size_t i = 1; i < size; ++i) {
    if (i == text.size() || (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) {
      return 1;
    }
  }
  return size;
}

struct SignToken {
  std::string_view sign;
  TokenType type;
};

// Longer signs before those that they begin with.
constexpr SignToken kSigns[] = {
    {"=~", TokenType::kMatches},
    {"=", TokenType::kEqual},
    {"!=", TokenType::kNotEqual},
    {"!~", TokenType::kNotMatches},
    {"<>", TokenType::kNotEqual},
    {"<=", TokenType::kLessEqual},
    {"<", TokenType::kLess},
    {">=", TokenType::kGreaterEqual},
    {">", TokenType::kGreater},
    {"::", TokenType::kDoubleColon},
    {":", TokenType::kColon},
    {"(", TokenType::kLeftParenthesis},
    {")", TokenType::kRightParenthesis},
    {",", TokenType::kComma},
    {";", TokenType::kSemicolon},
    {".", TokenType::kDot},
    {"+", TokenType::kAdd},
    {"-", TokenType::kSubtract},
    {"*", TokenType::kMultiply},
    {"/", TokenType::kDivide},
    {"%", TokenType::kModulo},
    {"&", TokenType::kBitAnd},
    {"|", TokenType::kBitOr},
    {"^", TokenType::kBitXor},
};

}  // namespace

// Takes one code point, or CR LF, and returns it.
std::string_view InfluxqlLexer::Advance() {
  const std::string_view rest = text_.substr(offset_);
  const size_t size = rest.starts_with("\r\n") ? 2 : CodePointSize(rest);
  previous_ = place_;
  if (rest.front() == '\n' || rest.front() == '\r') {
    ++place_.line;
    place_.column = 0;
  } else {
    ++place_.column;
  }
  offset_ += size;
  return rest.substr(0, size);
}

bool InfluxqlLexer::Accept(char byte) {
  if (AtEnd() || Peek() != byte) {
    return false;
  }
  Advance();
  return true;
}

void InfluxqlLexer::TakeWhile(bool (*takes)(char byte), std::string* text) {
  while (!AtEnd() && takes(Peek())) {
    text->append(Advance());
  }
}

Token InfluxqlLexer::Next() {
  Token token = NextRaw();
  while (token.type == TokenType::kBlank || token.type == TokenType::kComment) {
    token = NextRaw();
  }
  return token;
}

Token InfluxqlLexer::NextRaw() {
  const char first = Peek();
  const std::string_view rest = text_.substr(offset_);
  if (AtEnd()) {
    return {TokenType::kEnd, {}, place_};
  }
  if (IsBlankByte(first)) {
    return Blank();
  }
  if (IsIdentifierByte(first) && !IsDigit(first)) {
    return Identifier();
  }
  if (IsDigit(first) || (first == '.' && rest.size() > 1 && IsDigit(rest[1]))) {
    return Number();
  }
  if (first == '"' || first == '\'') {
    return Quoted(first);
  }
  const TextPlace place = place_;
  if (first == '$') {
    Advance();
    Token name = Identifier();
    name.text.insert(0, "$");
    return {TokenType::kBoundParameter, std::move(name.text), place};
  }
  if (rest.starts_with("--")) {
    SkipLine();
    return {TokenType::kComment, {}, place};
  }
  if (rest.starts_with("/*")) {
    return {SkipComment() ? TokenType::kComment : TokenType::kIllegal, {}, place};
  }
  return Sign();
}

Token InfluxqlLexer::Blank() {
  const TextPlace place = place_;
  std::string text;
  TakeWhile(IsBlankByte, &text);
  CountEnd();
  return {TokenType::kBlank, std::move(text), place};
}

// A quote directly behind a bare identifier begins the text that counts.
Token InfluxqlLexer::Identifier() {
  const TextPlace place = place_;
  std::string text;
  TakeWhile(IsIdentifierByte, &text);
  if (Peek() == '"') {
    Token quoted = Quoted('"');
    if (quoted.type == TokenType::kIdentifier) {
      quoted.place = place;
    }
    return quoted;
  }
  CountEnd();
  const TokenType type = FindKeyword(text);
  return {type, type == TokenType::kIdentifier ? std::move(text) : std::string(), place};
}

Token InfluxqlLexer::Quoted(char quote) {
  const bool is_identifier = quote == '"';
  const TextPlace place = is_identifier ? place_ : previous_;
  const TextPlace before = previous_;
  Advance();
  std::string text;
  while (!AtEnd() && Peek() != quote && Peek() != '\n' && Peek() != '\r') {
    if (!Accept('\\')) {
      text.append(Advance());
      continue;
    }
    constexpr std::string_view kEscapes = "n\\\"'";
    if (AtEnd() || kEscapes.find(Peek()) == std::string_view::npos) {
      const TextPlace escaped = place_;
      return {TokenType::kBadEscape, "\\" + std::string(AtEnd() ? "" : Advance()), escaped};
    }
    const char byte = Advance().front();
    text.push_back(byte == 'n' ? '\n' : byte);
  }
  if (!Accept(quote)) {
    return {TokenType::kBadString, std::move(text), before};
  }
  return {is_identifier ? TokenType::kIdentifier : TokenType::kString, std::move(text), place};
}

// Digits with a fraction are a number, digits with letters behind them a duration.
Token InfluxqlLexer::Number() {
  const TextPlace place = place_;
  std::string text;
  TakeWhile(IsDigit, &text);
  if (Accept('.')) {
    if (IsDigit(Peek())) {
      text.push_back('.');
      TakeWhile(IsDigit, &text);
    }
    return {TokenType::kNumber, std::move(text), place};
  }
  if (!IsLetter(Peek()) && !text_.substr(offset_).starts_with(kMicro)) {
    return {TokenType::kInteger, std::move(text), place};
  }
  TakeWhile(IsDurationByte, &text);
  return {TokenType::kDuration, std::move(text), place};
}

Token InfluxqlLexer::Sign() {
  const TextPlace place = place_;
  const std::string_view rest = text_.substr(offset_);
  const auto* const found = std::ranges::find_if(
      kSigns, [&](const SignToken& known) { return rest.starts_with(known.sign); });
  if (found == std::end(kSigns)) {
    return {TokenType::kIllegal, std::string(Advance()), place};
  }
  for (size_t i = 0; i < found->sign.size(); ++i) {
    Advance();
  }
  return {found->type, {}, place};
}

void InfluxqlLexer::SkipLine() {
  while (!AtEnd() && Peek() != '\n' && Peek() != '\r') {
    Advance();
  }
  CountEnd();
}

// A token that only ends where the text does has read the end once already.
void InfluxqlLexer::CountEnd() {
  if (AtEnd() && !end_is_counted_) {
    end_is_counted_ = true;
    ++place_.column;
  }
}

// False: the comment is not closed.
bool InfluxqlLexer::SkipComment() {
  Advance();
  Advance();
  while (!AtEnd()) {
    const bool is_star = Advance() == "*";
    if (is_star && Accept('/')) {
      return true;
    }
  }
  return false;
}

bool InfluxqlLexer::AtRegex() {
  while (!AtEnd() && IsBlankByte(Peek())) {
    Advance();
  }
  CountEnd();
  return Peek() == '/';
}

Token InfluxqlLexer::NextRegex() {
  const TextPlace place = previous_;
  Advance();
  std::string text;
  while (!AtEnd() && Peek() != '/' && Peek() != '\n' && Peek() != '\r') {
    const bool is_escape = Accept('\\');
    if (is_escape && Peek() != '/') {
      text.push_back('\\');
    } else {
      text.append(Advance());
    }
  }
  if (!Accept('/')) {
    return {TokenType::kBadRegex, {}, place};
  }
  return {TokenType::kRegex, std::move(text), place};
}

}  // namespace fluxgate::influx
