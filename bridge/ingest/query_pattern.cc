#include "bridge/ingest/query_pattern.h"

#include "protocol/influx/influxql_cursor.h"

#include <absl/strings/str_format.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
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

void AddPatterns(const influx::Statement& statement, std::vector<PlacedPattern>* patterns) {
  for (const influx::SelectedField& field : statement.fields) {
    AddPatterns(field.expression, patterns);
  }
  for (const influx::Source& source : statement.sources) {
    if (source.is_regex) {
      patterns->push_back({source.name, source.place});
    }
  }
  AddPatterns(statement.condition, patterns);
  const influx::TagKeyFilter& keys = statement.tag_keys;
  if (keys.type == influx::TokenType::kMatches || keys.type == influx::TokenType::kNotMatches) {
    patterns->push_back({keys.keys.front(), keys.place});
  }
}

// What may grow beyond its text when it is compiled: the repetitions it asks for, and classes of
// Unicode. RE2 bounds only what is left in the end.
size_t GrowthOf(std::string_view text) {
  constexpr size_t kUnicodeClassGrowth = 25;
  size_t growth = 0;
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    const char next = text[i + 1];
    if (text[i] == '\\') {
      growth += next == 'p' || next == 'P' ? kUnicodeClassGrowth : 0;
      i += next == 'x' ? 2 : 1;  // the brace of \x{41} does not repeat
    } else if (text[i] == '{') {
      size_t least = 0;
      size_t most = 0;
      const char* const end = text.data() + text.size();
      const char* const after = std::from_chars(text.data() + i + 1, end, least).ptr;
      if (after != end && *after == ',') {
        std::from_chars(after + 1, end, most);
      }
      growth += std::min(std::max(least, most), kPatternGrowthMax + 1);
    }
  }
  return growth;
}

std::string TooLarge(std::string_view text) {
  return absl::StrFormat("error parsing regexp: expression is too large: `%s`",
                         text.substr(0, influx::InfluxqlCursor::kShownSizeMax));
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

size_t QueryPattern::Cost(std::string_view text) const {
  // An automaton that is built anew for each byte takes 2.4 ns for each of its states.
  constexpr size_t kTextOverhead = 16;
  constexpr size_t kStatesOfSlot = 400;
  const auto states = static_cast<size_t>(regex_->ProgramSize());
  return 1 + states * (text.size() + kTextOverhead) / kStatesOfSlot;
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

std::string CheckPatterns(std::span<const influx::Statement> statements) {
  std::vector<PlacedPattern> patterns;
  for (const influx::Statement& statement : statements) {
    AddPatterns(statement, &patterns);
  }
  if (patterns.size() > kPatternsMax) {
    return absl::StrFormat("more than %d regular expressions in a query", kPatternsMax);
  }
  for (const PlacedPattern& pattern : patterns) {
    const bool is_small =
        pattern.text.size() <= kPatternSizeMax && GrowthOf(pattern.text) <= kPatternGrowthMax;
    const std::string error =
        is_small ? QueryPattern(pattern.text).error() : TooLarge(pattern.text);
    if (!error.empty()) {
      return influx::WithPlace(error, pattern.place);
    }
  }
  return {};
}

}  // namespace fluxgate
