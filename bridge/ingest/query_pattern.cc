#include "bridge/ingest/query_pattern.h"

#include "protocol/influx/influxql_cursor.h"

#include <absl/strings/str_format.h>
#include <re2/re2.h>

#include <algorithm>
#include <iterator>
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

struct PatternError {
  RE2::ErrorCode code;
  std::string_view text;
};

// Go's texts.
constexpr PatternError kPatternErrors[] = {
    {RE2::ErrorBadEscape, "invalid escape sequence"},
    {RE2::ErrorBadCharClass, "invalid character class"},
    {RE2::ErrorBadCharRange, "invalid character class range"},
    {RE2::ErrorMissingBracket, "missing closing ]"},
    {RE2::ErrorMissingParen, "missing closing )"},
    {RE2::ErrorUnexpectedParen, "unexpected )"},
    {RE2::ErrorTrailingBackslash, "trailing backslash at end of expression"},
    {RE2::ErrorRepeatArgument, "missing argument to repetition operator"},
    {RE2::ErrorRepeatSize, "invalid repeat count"},
    {RE2::ErrorRepeatOp, "invalid nested repetition operator"},
    {RE2::ErrorBadPerlOp, "invalid or unsupported Perl syntax"},
    {RE2::ErrorBadUTF8, "invalid UTF-8"},
    {RE2::ErrorBadNamedCapture, "invalid named capture"},
    {RE2::ErrorPatternTooLarge, "expression is too large"},
};

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
  const auto* const found =
      std::ranges::find(kPatternErrors, regex_->error_code(), &PatternError::code);
  const std::string_view argument = regex_->error_arg();
  return absl::StrFormat("error parsing regexp: %s: `%s`",
                         found == std::end(kPatternErrors) ? "invalid expression" : found->text,
                         argument.substr(0, influx::InfluxqlCursor::kShownSizeMax));
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
