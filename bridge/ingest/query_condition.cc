#include "bridge/ingest/query_condition.h"

#include "protocol/prometheus/label_set.h"
#include "protocol/prometheus/metric_name.h"

#include <algorithm>
#include <utility>

namespace fluxgate {
namespace {

using influx::ExpressionStep;
using influx::TokenType;
using StepType = ExpressionStep::Kind;

// Bytes of labels that a step reads in the time of one slot.
constexpr size_t kLabelsOfSlot = 1024;

// The value of a label; empty when it is not there.
std::string_view LabelValue(std::string_view labels, std::string_view wanted,
                            std::string* scratch) {
  std::string_view name;
  std::string_view value;
  while (prom::TakeLabel(&labels, &name, &value, scratch)) {
    if (name == wanted) {
      return value;
    }
  }
  return {};
}

}  // namespace

std::string CachedName(std::string_view name) {
  std::string cached;
  prom::AppendSanitized(name, &cached);
  return cached;
}

QueryCondition::QueryCondition(const influx::Expression& expression, TimeRule time_rule)
    : time_rule_(time_rule) {
  std::vector<Operand> operands;
  for (const ExpressionStep& step : expression) {
    operands.push_back(Read(step, &operands));
  }
  is_understood_ =
      is_understood_ && (expression.empty() || operands.back().kind == Operand::Kind::kResult);
}

QueryCondition::Operand QueryCondition::Emit(Step step) {
  steps_.push_back(std::move(step));
  return {Operand::Kind::kResult};
}

// What `step` makes of the operands, which it takes away.
QueryCondition::Operand QueryCondition::Read(const ExpressionStep& step,
                                             std::vector<Operand>* operands) {
  switch (step.kind) {
    case StepType::kName:
      return {step.text == "time" ? Operand::Kind::kTime : Operand::Kind::kTag, step.text};
    case StepType::kString:
      return {Operand::Kind::kText, step.text};
    case StepType::kRegex:
      return {Operand::Kind::kPattern, step.text};
    case StepType::kBoolean:
      return Emit({.kind = StepKind::kConstant, .is_positive = step.type == TokenType::kTrue});
    case StepType::kCall:
      operands->resize(operands->size() - step.count, {Operand::Kind::kOther});
      return {Operand::Kind::kOther};
    case StepType::kNegation:
      operands->pop_back();
      return {Operand::Kind::kOther};
    case StepType::kOperator: {
      const Operand right = operands->back();
      operands->pop_back();
      const Operand left = operands->back();
      operands->pop_back();
      return ReadOperator(step.type, left, right);
    }
    case StepType::kNumber:
    case StepType::kWildcard:
    case StepType::kDistinct:
      break;
  }
  return {Operand::Kind::kOther};
}

QueryCondition::Operand QueryCondition::ReadOperator(TokenType type, const Operand& left,
                                                     const Operand& right) {
  using Kind = Operand::Kind;
  constexpr int kComparisonPrecedence = 3;
  if (influx::Precedence(type) > kComparisonPrecedence) {
    return {Kind::kOther};
  }
  const bool is_result = left.kind == Kind::kResult && right.kind == Kind::kResult;
  if (is_result && (type == TokenType::kAndOperator || type == TokenType::kOrOperator)) {
    return Emit({.kind = type == TokenType::kAndOperator ? StepKind::kAnd : StepKind::kOr});
  }
  const bool is_time = left.kind == Kind::kTime || right.kind == Kind::kTime;
  if (is_time && time_rule_ == TimeRule::kTrue) {
    return Emit({.kind = StepKind::kConstant});
  }
  const bool is_swapped = left.kind == Kind::kText && right.kind == Kind::kTag;
  const Operand& tag = is_swapped ? right : left;
  const Operand& value = is_swapped ? left : right;
  if (tag.kind == Kind::kTag && value.kind == Kind::kText &&
      (type == TokenType::kEqual || type == TokenType::kNotEqual)) {
    return Emit({.kind = StepKind::kCompare,
                 .is_positive = type == TokenType::kEqual,
                 .label = CachedName(tag.text),
                 .text = value.text});
  }
  if (tag.kind == Kind::kTag && value.kind == Kind::kPattern) {
    patterns_.emplace_back(value.text);
    return Emit({.kind = StepKind::kMatch,
                 .is_positive = type == TokenType::kMatches,
                 .label = CachedName(tag.text),
                 .pattern = patterns_.size() - 1});
  }
  is_understood_ = false;
  return {Kind::kOther};
}

bool QueryCondition::Evaluate(const Step& step, std::string_view labels,
                              QueryBudget* budget) const {
  if (step.kind == StepKind::kConstant) {
    return step.is_positive;
  }
  std::string scratch;
  const std::string_view value = LabelValue(labels, step.label, &scratch);
  if (step.kind == StepKind::kCompare) {
    return (value == step.text) == step.is_positive;
  }
  const QueryPattern& pattern = patterns_[step.pattern];
  return budget->TakeSlots(pattern.Cost(value)) && pattern.Matches(value) == step.is_positive;
}

bool QueryCondition::Matches(std::string_view labels, QueryBudget* budget) const {
  if (!budget->TakeSlots(steps_.size() * (1 + labels.size() / kLabelsOfSlot))) {
    return false;
  }
  std::vector<bool> results;
  for (const Step& step : steps_) {
    if (step.kind != StepKind::kAnd && step.kind != StepKind::kOr) {
      results.push_back(Evaluate(step, labels, budget));
      continue;
    }
    const bool right = results.back();
    results.pop_back();
    results.back() =
        step.kind == StepKind::kAnd ? results.back() && right : results.back() || right;
  }
  return steps_.empty() || (results.back() && !budget->is_used_up());
}

}  // namespace fluxgate
