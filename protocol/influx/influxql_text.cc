#include "protocol/influx/influxql_text.h"

#include "protocol/influx/influxql_duration.h"
#include "protocol/influx/influxql_lexer.h"

#include <absl/strings/ascii.h>

#include <algorithm>

namespace fluxgate::influx {
namespace {

constexpr std::string_view kRedacted = "[REDACTED]";

bool IsBareByte(char byte) {
  return absl::ascii_isalnum(static_cast<unsigned char>(byte)) || byte == '_';
}

std::string TokenText(const Token& token) {
  switch (token.type) {
    case TokenType::kIdentifier:
      return QuoteIdentifier(token.text);
    case TokenType::kString:
      return QuoteText(token.text, '\'');
    case TokenType::kRegex:
      return QuoteText(token.text, '/');
    case TokenType::kDuration:
      return FormatDuration(ParseDuration(token.text).value_or(0));
    default:
      return std::string(TokenShown(token));
  }
}

// Whether a blank stands between two tokens.
bool IsParted(TokenType first, TokenType second) {
  constexpr TokenType kAttached[] = {TokenType::kDot, TokenType::kColon, TokenType::kDoubleColon};
  const auto is_attached = [&](TokenType type) {
    return std::ranges::find(kAttached, type) != std::end(kAttached);
  };
  return !is_attached(first) && !is_attached(second) && first != TokenType::kLeftParenthesis &&
         second != TokenType::kRightParenthesis && second != TokenType::kComma &&
         !(second == TokenType::kLeftParenthesis && first == TokenType::kIdentifier);
}

// A regular expression can come where a name or pattern does.
Token NextToken(TokenType last, InfluxqlLexer* lexer) {
  constexpr TokenType kBeforeRegex[] = {TokenType::kFrom,    TokenType::kComma,
                                        TokenType::kMatches, TokenType::kNotMatches,
                                        TokenType::kBy,      TokenType::kSelect};
  const bool takes_regex = std::ranges::find(kBeforeRegex, last) != std::end(kBeforeRegex);
  return takes_regex && lexer->AtRegex() ? lexer->NextRegex() : lexer->Next();
}

}  // namespace

std::string QuoteText(std::string_view text, char quote) {
  std::string quoted(1, quote);
  for (const char byte : text) {
    if (byte == quote || (byte == '\\' && quote != '/')) {
      quoted.push_back('\\');
    }
    if (byte == '\n') {
      quoted += "\\n";
    } else {
      quoted.push_back(byte);
    }
  }
  quoted.push_back(quote);
  return quoted;
}

std::string QuoteIdentifier(std::string_view name) {
  const bool is_bare = !name.empty() && std::ranges::all_of(name, IsBareByte) &&
                       !absl::ascii_isdigit(static_cast<unsigned char>(name.front())) &&
                       FindKeyword(name) == TokenType::kIdentifier;
  return is_bare ? std::string(name) : QuoteText(name, '"');
}

std::string CanonicalText(std::string_view text) {
  InfluxqlLexer lexer(text);
  std::string canonical;
  bool is_password = false;
  TokenType last = TokenType::kEnd;
  for (Token token = NextToken(last, &lexer); token.type != TokenType::kEnd;
       token = NextToken(last, &lexer)) {
    if (!canonical.empty() && IsParted(last, token.type)) {
      canonical.push_back(' ');
    }
    if (last == TokenType::kAll && (token.type == TokenType::kOn || token.type == TokenType::kTo ||
                                    token.type == TokenType::kFrom)) {
      canonical += "PRIVILEGES ";
    }
    is_password |= token.type == TokenType::kPassword;
    const bool is_redacted = is_password && token.type == TokenType::kString;
    canonical += is_redacted ? std::string(kRedacted) : TokenText(token);
    last = token.type;
  }
  return canonical;
}

}  // namespace fluxgate::influx
