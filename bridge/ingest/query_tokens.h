// Splits InfluxQL text into tokens, as far as /query has to understand it.
//
// Encodings: identifiers are [A-Za-z_][A-Za-z0-9_]* or in double quotes, strings in single quotes;
// in quotes a backslash takes the next byte as it is, but `\n` is LF. Every other byte that is not
// blank is a token of its own.
// Lifetime: `text` views the input.
// Errors: none; a quote that is not closed makes the rest of the text one symbol.
// Bounds: one pass.
// Thread: compatible (pure function).
// Spec: InfluxQL 1.x scanner.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate {

enum class QueryTokenType : uint8_t {
  kWord,        // a bare identifier, a keyword or a number
  kIdentifier,  // in double quotes
  kString,      // in single quotes
  kSymbol,      // any other byte, or a quote that is not closed with all that follows
};

struct QueryToken {
  QueryTokenType type = QueryTokenType::kSymbol;
  std::string_view text;  // as written, quotes included
  size_t line = 1;        // of its first byte
  size_t column = 1;      // 1-based bytes
};

std::vector<QueryToken> TokenizeQuery(std::string_view query);

// What the token stands for: quotes and their escapes are taken off.
std::string Meaning(const QueryToken& token);

}  // namespace fluxgate
