#include "bridge/ingest/query_tokens.h"

#include <absl/strings/ascii.h>

#include <algorithm>

namespace fluxgate {
namespace {

bool IsWordByte(char byte) {
  return absl::ascii_isalnum(static_cast<unsigned char>(byte)) || byte == '_';
}

bool IsBlank(char byte) {
  return absl::ascii_isspace(static_cast<unsigned char>(byte));
}

// The size of the quoted text that `text` begins with, both quotes counted; npos when it is not
// closed.
size_t QuotedSize(std::string_view text) {
  const char quote = text.front();
  for (size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

QueryTokenType TypeOf(char quote) {
  return quote == '"' ? QueryTokenType::kIdentifier : QueryTokenType::kString;
}

// The first token of `text`, which does not begin with a blank. Its place is not set.
QueryToken FirstToken(std::string_view text) {
  const char first = text.front();
  if (IsWordByte(first)) {
    const auto end = std::ranges::find_if_not(text, IsWordByte);
    return {QueryTokenType::kWord, text.substr(0, static_cast<size_t>(end - text.begin()))};
  }
  if (first == '"' || first == '\'') {
    const size_t size = QuotedSize(text);
    const bool is_closed = size != std::string_view::npos;
    return {is_closed ? TypeOf(first) : QueryTokenType::kSymbol, text.substr(0, size)};
  }
  return {QueryTokenType::kSymbol, text.substr(0, 1)};
}

}  // namespace

std::vector<QueryToken> TokenizeQuery(std::string_view query) {
  std::vector<QueryToken> tokens;
  size_t line = 1;
  size_t column = 1;
  while (!query.empty()) {
    std::string_view passed = query.substr(0, 1);
    if (!IsBlank(query.front())) {
      QueryToken token = FirstToken(query);
      token.line = line;
      token.column = column;
      tokens.push_back(token);
      passed = token.text;
    }
    const size_t newline = passed.rfind('\n');
    line += static_cast<size_t>(std::ranges::count(passed, '\n'));
    column = newline == std::string_view::npos ? column + passed.size() : passed.size() - newline;
    query.remove_prefix(passed.size());
  }
  return tokens;
}

std::string Meaning(const QueryToken& token) {
  if (token.type != QueryTokenType::kIdentifier && token.type != QueryTokenType::kString) {
    return std::string(token.text);
  }
  const std::string_view quoted = token.text.substr(1, token.text.size() - 2);
  std::string meaning;
  for (size_t i = 0; i < quoted.size(); ++i) {
    const bool is_escape = quoted[i] == '\\';
    i += is_escape ? 1 : 0;
    meaning.push_back(is_escape && quoted[i] == 'n' ? '\n' : quoted[i]);
  }
  return meaning;
}

}  // namespace fluxgate
