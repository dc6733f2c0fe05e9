#include "tests/reference/reference_exposition_parser.h"

#include "tests/reference/reference_utf8.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <map>
#include <regex>
#include <set>

namespace fluxgate::reference {
namespace {

// The sample suffixes of a type; "" is the family's own name. Its keys are the types there are.
using Suffixes = std::map<std::string, std::vector<std::string>, std::less<>>;

const Suffixes& SuffixesOf(ExpositionSyntax syntax) {
  static const Suffixes text = {{"untyped", {""}},
                                {"gauge", {""}},
                                {"counter", {""}},
                                {"histogram", {"_bucket", "_sum", "_count"}},
                                {"summary", {"", "_sum", "_count"}}};
  static const Suffixes open_metrics = {{"unknown", {""}},
                                        {"gauge", {""}},
                                        {"counter", {"_total", "_created"}},
                                        {"histogram", {"_bucket", "_sum", "_count", "_created"}},
                                        {"summary", {"", "_sum", "_count", "_created"}}};
  return syntax == ExpositionSyntax::kText ? text : open_metrics;
}

// The header lines in the order that they must come in.
const std::vector<std::string>& HeaderOrder(ExpositionSyntax syntax) {
  static const std::vector<std::string> text = {"HELP", "TYPE"};
  static const std::vector<std::string> open_metrics = {"TYPE", "UNIT", "HELP"};
  return syntax == ExpositionSyntax::kText ? text : open_metrics;
}

const std::regex& MetricName() {
  static const std::regex pattern("[a-zA-Z_:][a-zA-Z0-9_:]*");
  return pattern;
}

const std::regex& LabelName() {
  static const std::regex pattern("[a-zA-Z_][a-zA-Z0-9_]*");
  return pattern;
}

const std::regex& Number() {
  static const std::regex pattern(
      R"(NaN|[+-]Inf|-?(0|[1-9]\d*)(\.\d+)?|-?[1-9](\.\d+)?e[+-]\d\d\d?)");
  return pattern;
}

const std::regex& Milliseconds() {
  static const std::regex pattern(R"(-?\d+)");
  return pattern;
}

const std::regex& Seconds() {
  static const std::regex pattern(R"(-?\d+(\.\d{1,3})?)");
  return pattern;
}

// Seconds with up to three decimals, as milliseconds.
std::string WithoutPoint(std::string seconds) {
  const size_t point = seconds.find('.');
  size_t decimals = 0;
  if (point != std::string::npos) {
    decimals = seconds.size() - point - 1;
    seconds.erase(point, 1);
  }
  return seconds.append(3 - decimals, '0');
}

// Reads one exposition; every step returns false once `error_` is set.
class ExpositionReader {
 public:
  ExpositionReader(ExpositionSyntax syntax, std::string_view body) : syntax_(syntax), body_(body) {}

  ParsedExposition Read() {
    if (ReadBody() && CheckFamily() && !IsText() && !ended_) {
      Fail("no # EOF");
    }
    return {std::move(families_), error_};
  }

 private:
  bool IsText() const { return syntax_ == ExpositionSyntax::kText; }

  bool Fail(const std::string& reason) {
    if (error_.empty()) {
      error_ = "line " + std::to_string(line_number_) + ": " + reason;
    }
    return false;
  }

  bool ReadBody() {
    if (!IsWellFormed(body_)) {
      return Fail("not UTF-8");
    }
    while (!body_.empty()) {
      ++line_number_;
      const size_t end = body_.find('\n');
      if (end == std::string_view::npos) {
        return Fail("no line feed at the end");
      }
      rest_ = body_.substr(0, end);
      body_.remove_prefix(end + 1);
      if (!ReadLine()) {
        return false;
      }
    }
    return true;
  }

  bool ReadLine() {
    if (ended_) {
      return Fail("text after # EOF");
    }
    if (!IsText() && rest_ == "# EOF") {
      ended_ = true;
      return true;
    }
    return rest_.starts_with("#") ? ReadHeaderLine() : ReadSampleLine();
  }

  bool TakeLiteral(std::string_view literal) {
    if (!rest_.starts_with(literal)) {
      return Fail("expected '" + std::string(literal) + "'");
    }
    rest_.remove_prefix(literal.size());
    return true;
  }

  std::string TakeUntil(std::string_view delimiters) {
    const size_t size = std::min(rest_.find_first_of(delimiters), rest_.size());
    std::string taken(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return taken;
  }

  bool TakeMetricName(std::string* name) {
    *name = TakeUntil(" {");
    return std::regex_match(*name, MetricName()) || Fail("bad metric name");
  }

  bool ReadHeaderLine() {
    if (!TakeLiteral("# ")) {
      return false;
    }
    const std::string keyword = TakeUntil(" ");
    std::string name;
    if (!TakeLiteral(" ") || !TakeMetricName(&name) || !TakeLiteral(" ")) {
      return false;
    }
    const std::vector<std::string>& order = HeaderOrder(syntax_);
    const auto found = std::find(order.begin(), order.end(), keyword);
    if (found == order.end()) {
      return Fail("unknown keyword");
    }
    if ((families_.empty() || families_.back().name != name) && !StartFamily(name)) {
      return false;
    }
    const int rank = static_cast<int>(found - order.begin());
    if (rank <= header_rank_ || !families_.back().samples.empty()) {
      return Fail("header line out of order");
    }
    header_rank_ = rank;
    return ReadHeaderValue(keyword);
  }

  bool ReadHeaderValue(const std::string& keyword) {
    ExpositionFamily& family = families_.back();
    if (keyword == "HELP") {
      return Unescape(rest_, IsText() ? "\\n" : "\\n\"", &family.help);
    }
    (keyword == "TYPE" ? family.type : family.unit) = rest_;
    if (keyword == "TYPE") {
      return SuffixesOf(syntax_).contains(family.type) ? OwnNames() : Fail("unknown type");
    }
    return family.name.ends_with("_" + family.unit) || Fail("unit is not the end of the name");
  }

  bool StartFamily(const std::string& name) {
    if (!CheckFamily()) {
      return false;
    }
    families_.push_back({.name = name, .type = {}, .unit = {}, .help = {}, .samples = {}});
    header_rank_ = -1;
    series_.clear();
    return family_names_.insert(name).second || Fail("family repeated");
  }

  // To be called when a family is complete.
  bool CheckFamily() {
    return families_.empty() || !families_.back().type.empty() || Fail("family without a type");
  }

  // OpenMetrics: no name of one family may be a name of another.
  bool OwnNames() {
    const ExpositionFamily& family = families_.back();
    std::set<std::string> names;
    if (!IsText()) {
      names.insert(family.name);
    }
    for (const std::string& suffix : SuffixesOf(syntax_).at(family.type)) {
      names.insert(family.name + suffix);
    }
    return std::all_of(names.begin(), names.end(),
                       [this](const std::string& name) { return owned_.insert(name).second; }) ||
           Fail("names of two families clash");
  }

  bool ReadSampleLine() {
    ExpositionSample sample;
    if (!TakeMetricName(&sample.name) || !CheckOwner(sample.name) || !TakeLabels(&sample) ||
        !TakeLiteral(" ") || !TakeValue(&sample) || !TakeTime(&sample)) {
      return false;
    }
    if (!rest_.empty()) {
      return Fail("text after the sample");
    }
    if (!series_.insert({sample.name, sample.labels}).second) {
      return Fail("duplicate series");
    }
    families_.back().samples.push_back(std::move(sample));
    return true;
  }

  bool CheckOwner(const std::string& name) {
    if (families_.empty() || families_.back().type.empty()) {
      return Fail("sample without a type");
    }
    const ExpositionFamily& family = families_.back();
    const std::vector<std::string>& suffixes = SuffixesOf(syntax_).at(family.type);
    return std::any_of(suffixes.begin(), suffixes.end(),
                       [&](const std::string& suffix) { return name == family.name + suffix; }) ||
           Fail("sample of another family");
  }

  bool TakeLabels(ExpositionSample* sample) {
    if (!rest_.starts_with("{")) {
      return true;
    }
    do {
      rest_.remove_prefix(1);  // the brace or the comma
      std::pair<std::string, std::string> label;
      if (!TakeLabel(&label)) {
        return false;
      }
      if (!sample->labels.empty() && sample->labels.back().first >= label.first) {
        return Fail("labels not sorted");
      }
      sample->labels.push_back(std::move(label));
    } while (rest_.starts_with(","));
    return TakeLiteral("}");
  }

  bool TakeLabel(std::pair<std::string, std::string>* label) {
    label->first = TakeUntil("=");
    if (!std::regex_match(label->first, LabelName())) {
      return Fail("bad label name");
    }
    if (!TakeLiteral("=\"")) {
      return false;
    }
    size_t end = 0;
    while (end < rest_.size() && rest_[end] != '"') {
      end += rest_[end] == '\\' ? 2U : 1U;
    }
    if (end >= rest_.size()) {
      return Fail("label value not closed");
    }
    const std::string_view raw = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return Unescape(raw, "\\n\"", &label->second);
  }

  // `escapable` are the bytes that may follow a backslash; a quote that may be escaped must be.
  bool Unescape(std::string_view raw, std::string_view escapable, std::string* out) {
    for (size_t i = 0; i < raw.size(); ++i) {
      if (raw[i] == '"' && escapable.find('"') != std::string_view::npos) {
        return Fail("bare quote");
      }
      if (raw[i] != '\\') {
        out->push_back(raw[i]);
        continue;
      }
      ++i;
      if (i == raw.size() || escapable.find(raw[i]) == std::string_view::npos) {
        return Fail("bad escape");
      }
      out->push_back(raw[i] == 'n' ? '\n' : raw[i]);
    }
    return true;
  }

  bool TakeValue(ExpositionSample* sample) {
    sample->value_text = TakeUntil(" ");
    if (!std::regex_match(sample->value_text, Number())) {
      return Fail("bad number");
    }
    if (!IsText() && sample->value_text.find_first_of(".eNI") == std::string::npos) {
      return Fail("number without a point");
    }
    sample->value = std::strtod(sample->value_text.c_str(), nullptr);
    return true;
  }

  bool TakeTime(ExpositionSample* sample) {
    if (rest_.empty()) {
      return true;
    }
    if (!TakeLiteral(" ")) {
      return false;
    }
    std::string digits = TakeUntil(" ");
    if (!std::regex_match(digits, IsText() ? Milliseconds() : Seconds())) {
      return Fail("bad time");
    }
    if (!IsText()) {
      digits = WithoutPoint(digits);
    }
    int64_t time_ms = 0;
    const char* const end = digits.data() + digits.size();
    const auto result = std::from_chars(digits.data(), end, time_ms);
    if (result.ec != std::errc() || result.ptr != end) {
      return Fail("time out of range");
    }
    sample->time_ms = time_ms;
    return true;
  }

  const ExpositionSyntax syntax_;
  std::string_view body_;
  std::string_view rest_;  // of the line being read
  int line_number_ = 0;
  bool ended_ = false;
  int header_rank_ = -1;
  std::vector<ExpositionFamily> families_;
  std::set<std::string> family_names_;
  std::set<std::string> owned_;
  std::set<std::pair<std::string, std::vector<std::pair<std::string, std::string>>>> series_;
  std::string error_;
};

}  // namespace

ParsedExposition ParseExposition(ExpositionSyntax syntax, std::string_view body) {
  return ExpositionReader(syntax, body).Read();
}

}  // namespace fluxgate::reference
