// Regular expressions of a query.
//
// Encodings: RE2's syntax, which is Go's; UTF-8.
// Errors: InfluxDB's text for an expression that cannot be read.
// Bounds: kPatternsMax expressions of a query, each of kPatternSizeMax bytes, which repeat no more
// than kPatternGrowthMax times in all, and of kPatternMemoryMax once compiled.
// Thread: immutable.
#pragma once

#include "protocol/influx/influxql_statement.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace fluxgate {

inline constexpr size_t kPatternsMax = 16;
inline constexpr size_t kPatternSizeMax = 1024;
// Compiling one takes up to some 4 KiB for each of these.
inline constexpr size_t kPatternGrowthMax = 1000;
inline constexpr size_t kPatternMemoryMax = size_t{256} << 10;

class QueryPattern {
 public:
  explicit QueryPattern(std::string_view text);
  ~QueryPattern();
  QueryPattern(QueryPattern&& other) noexcept;
  QueryPattern& operator=(QueryPattern&& other) noexcept;

  // Whether any part of `text` matches. Only where error() is empty.
  bool Matches(std::string_view text) const;

  // How long Matches() may take at worst, in slots of a QueryBudget.
  size_t Cost(std::string_view text) const;

  // What is wrong with the expression; empty: nothing.
  std::string error() const;

 private:
  std::unique_ptr<const re2::RE2> regex_;
};

// What is wrong with the regular expressions of a query, with its place; empty: nothing.
std::string CheckPatterns(std::span<const influx::Statement> statements);

}  // namespace fluxgate
