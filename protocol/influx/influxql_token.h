// The tokens of InfluxQL, their names in messages, and the words that are keywords.
//
// Thread: compatible (pure functions).
// Spec: InfluxQL 1.x, "Tokens" and "Keywords".
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fluxgate::influx {

enum class TokenType : uint8_t {
  kIllegal,
  kEnd,
  kBlank,
  kComment,
  kIdentifier,
  kNumber,
  kInteger,
  kDuration,
  kString,
  kBadString,  // a quote that is not closed
  kBadEscape,
  kRegex,
  kBadRegex,
  kBoundParameter,  // $name
  // Operators, and what else is made of signs.
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kBitAnd,
  kBitOr,
  kBitXor,
  kAndOperator,
  kOrOperator,
  kEqual,
  kNotEqual,
  kMatches,
  kNotMatches,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kLeftParenthesis,
  kRightParenthesis,
  kComma,
  kColon,
  kDoubleColon,
  kSemicolon,
  kDot,
  // Keywords.
  kAll,
  kAlter,
  kAnalyze,
  kAny,
  kAs,
  kAsc,
  kBegin,
  kBy,
  kCardinality,
  kContinuous,
  kCreate,
  kDatabase,
  kDatabases,
  kDefault,
  kDelete,
  kDesc,
  kDestinations,
  kDiagnostics,
  kDistinct,
  kDrop,
  kDurationWord,
  kEndWord,
  kEvery,
  kExact,
  kExplain,
  kFalse,
  kField,
  kFor,
  kFrom,
  kGrant,
  kGrants,
  kGroup,
  kGroups,
  kIn,
  kInf,
  kInsert,
  kInto,
  kKey,
  kKeys,
  kKill,
  kLimit,
  kMeasurement,
  kMeasurements,
  kName,
  kOffset,
  kOn,
  kOrder,
  kPassword,
  kPolicies,
  kPolicy,
  kPrivileges,
  kQueries,
  kQuery,
  kRead,
  kReplication,
  kResample,
  kRetention,
  kRevoke,
  kSelect,
  kSeries,
  kSet,
  kShard,
  kShards,
  kShow,
  kSlimit,
  kSoffset,
  kStats,
  kSubscription,
  kSubscriptions,
  kTag,
  kTo,
  kTrue,
  kUser,
  kUsers,
  kValues,
  kWhere,
  kWith,
  kWrite,
};

// A place in the text of a query. Line and column are 0-based; columns count code points.
struct TextPlace {
  size_t line = 0;
  size_t column = 0;
};

struct Token {
  TokenType type = TokenType::kEnd;
  std::string text;  // what it means: without quotes and escapes; empty where the type says it all
  TextPlace place;
};

// The name of a type as messages show it: `SELECT`, `>=`, `EOF`, `IDENT`.
std::string_view TokenName(TokenType type);

// How a message shows the token that it found: its text if it has one, else its name.
std::string_view TokenShown(const Token& token);

// The keyword that `word` spells in either case, or kIdentifier.
TokenType FindKeyword(std::string_view word);

bool IsKeyword(TokenType type);

// How strongly a binary operator binds, from 1; 0: it is none.
int Precedence(TokenType type);

}  // namespace fluxgate::influx
