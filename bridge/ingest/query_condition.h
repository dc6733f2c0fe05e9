// What a WHERE clause asks of the labels of a row.
//
// Understands `tag = 'x'`, `!=`, `=~` and `!~`, joined by AND, OR and parentheses, and constants. A
// row without the tag has it empty.
// Lifetime: views the expression it was made of.
// Thread: immutable.
// Spec: InfluxQL 1.x, "WHERE".
#pragma once

#include "protocol/influx/influxql_statement.h"

#include "bridge/ingest/query_pattern.h"
#include "bridge/ingest/query_result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate {

// What comparisons with `time` are: the cache has last values only, so that SHOW may take them for
// true; SELECT does not understand them.
enum class TimeRule : uint8_t { kTrue, kNotUnderstood };

// How many steps of an expression a condition may have: about four a comparison.
inline constexpr size_t kConditionStepsMax = 1024;

class QueryCondition {
 public:
  QueryCondition(const influx::Expression& expression, TimeRule time_rule);

  // Whether Matches() can be asked.
  bool is_understood() const { return is_understood_; }

  // Takes what it costs from the budget; when that is used up, nothing matches.
  bool Matches(std::string_view labels, QueryBudget* budget) const;

 private:
  enum class StepKind : uint8_t { kConstant, kCompare, kMatch, kAnd, kOr };

  struct Step {
    StepKind kind = StepKind::kConstant;
    bool is_positive = true;  // the constant; or not negated
    std::string label = {};
    std::string_view text = {};  // compared with
    size_t pattern = 0;          // matched with
  };

  // What an operand of an operator is while the expression is read.
  struct Operand {
    enum class Kind : uint8_t { kTag, kTime, kText, kPattern, kResult, kOther };
    Kind kind;
    std::string_view text = {};
  };

  Operand Read(const influx::ExpressionStep& step, std::vector<Operand>* operands);
  Operand ReadOperator(influx::TokenType type, const Operand& left, const Operand& right);
  Operand Emit(Step step);
  bool Evaluate(const Step& step, std::string_view labels, QueryBudget* budget) const;

  const TimeRule time_rule_;
  std::vector<Step> steps_;  // in postfix order
  std::vector<QueryPattern> patterns_;
  bool is_understood_ = true;
};

// `name` as the cache has it: measurements and tag keys are kept sanitised.
std::string CachedName(std::string_view name);

}  // namespace fluxgate
