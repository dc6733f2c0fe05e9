#include "bridge/ingest/query_pattern.h"

#include "protocol/influx/influxql_cursor.h"

#include <absl/strings/str_format.h>
#include <re2/re2.h>

#include <utility>
#include <vector>

namespace fluxgate {
namespace {

struct PlacedPattern {
  std::string_view text;
  influx::TextPlace place;
};

void AddPatterns(const influx::Expression& expression, std::vector<PlacedPattern>* patterns) {
  for (const influx::ExpressionStep& step : expression) {
    if (step.kind == influx::ExpressionStep::Kind::kRegex) {
      patterns->push_back({step.text, step.place});
    }
  }
}

std::vector<PlacedPattern> PatternsOf(const influx::Statement& statement) {
  std::vector<PlacedPattern> patterns;
  for (const influx::SelectedField& field : statement.fields) {
    AddPatterns(field.expression, &patterns);
  }
  for (const influx::Source& source : statement.sources) {
    if (source.is_regex) {
      patterns.push_back({source.name, source.place});
    }
  }
  AddPatterns(statement.condition, &patterns);
  const influx::TagKeyFilter& keys = statement.tag_keys;
  if (keys.type == influx::TokenType::kMatches || keys.type == influx::TokenType::kNotMatches) {
    patterns.push_back({keys.keys.front(), keys.place});
  }
  return patterns;
}

RE2::Options PatternOptions() {
  RE2::Options options(RE2::Quiet);
  options.set_max_mem(kPatternMemoryMax);
  return options;
}

}  // namespace

QueryPattern::QueryPattern(std::string_view text)
    : regex_(std::make_unique<const RE2>(re2::StringPiece(text.data(), text.size()),
                                         PatternOptions())) {}

QueryPattern::~QueryPattern() = default;
QueryPattern::QueryPattern(QueryPattern&& other) noexcept = default;
QueryPattern& QueryPattern::operator=(QueryPattern&& other) noexcept = default;

bool QueryPattern::Matches(std::string_view text) const {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *regex_);
}

std::string QueryPattern::error() const {
  if (regex_->ok()) {
    return {};
  }
  const std::string& argument = regex_->error_arg();
  std::string_view reason = regex_->error();
  if (!argument.empty() && reason.ends_with(": " + argument)) {
    reason.remove_suffix(argument.size() + 2);
  }
  return absl::StrFormat(
      "error parsing regexp: %s: `%s`", reason,
      std::string_view(argument).substr(0, influx::InfluxqlCursor::kShownSizeMax));
}

std::string CheckPatterns(const influx::Statement& statement) {
  const std::vector<PlacedPattern> patterns = PatternsOf(statement);
  if (patterns.size() > kPatternsMax) {
    return absl::StrFormat("more than %d regular expressions in a statement", kPatternsMax);
  }
  for (const PlacedPattern& pattern : patterns) {
    const std::string error = QueryPattern(pattern.text).error();
    if (!error.empty()) {
      return influx::WithPlace(error, pattern.place);
    }
  }
  return {};
}

}  // namespace fluxgate
