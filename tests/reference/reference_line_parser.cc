#include "tests/reference/reference_line_parser.h"

#include "tests/reference/reference_value.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <set>

namespace fluxgate::reference {
namespace {

using influx::FieldType;
using influx::Precision;
using influx::ReaderOptions;

constexpr size_t kLongestKey = 65535;

bool IsBlank(char byte) {
  return byte == ' ' || byte == '\t' || byte == '\0';
}
bool IsDigit(char byte) {
  return byte >= '0' && byte <= '9';
}

size_t AfterBlanks(const std::string& text, size_t i) {
  while (i < text.size() && IsBlank(text[i])) {
    i++;
  }
  return i;
}

// One line. Each step returns false once it has set reason_ and offset_.
class LineParse {
 public:
  LineParse(const ReaderOptions& options, const std::string& text) : options_(options), b_(text) {}

  bool Parse();

  LineOutcome outcome_;
  std::string reason_;
  size_t offset_ = 0;

 private:
  bool Fail(const std::string& reason, size_t offset) {
    reason_ = reason;
    offset_ = offset;
    return false;
  }
  bool Escaped(size_t i) const { return b_[i - 1] == '\\'; }
  bool Measurement();
  bool Tags();
  bool TagKey();
  bool TagValue(bool* more);
  bool SortTags();
  bool Fields();
  bool EqualsSign();
  bool Value(size_t start);
  bool WalkFields();
  bool Time();
  bool BareValue();
  bool Timestamp(const std::string& token, size_t start);

  const ReaderOptions& options_;
  const std::string& b_;
  size_t i_ = 0;  // where the next step goes on
  std::vector<std::pair<std::string, std::string>> tags_;
  std::vector<size_t> tag_offsets_;
  // Of the field set.
  size_t fields_begin_ = 0;
  size_t fields_end_ = 0;
  bool quoted_ = false;
  size_t equals_ = 0;
  size_t commas_ = 0;
  std::vector<size_t> equals_signs_;  // those that a value stands behind
  std::vector<FieldOutcome> values_;  // of those, in the same order; strings have none yet
};

bool LineParse::Parse() {
  if (!Measurement() || !Tags()) {
    return false;
  }
  outcome_.series_key = b_.substr(0, i_);
  if (i_ > kLongestKey) {
    return Fail("max key length exceeded: " + std::to_string(i_) + " > 65535", kLongestKey);
  }
  fields_begin_ = AfterBlanks(b_, i_);
  i_ = fields_begin_;
  if (!(Fields() && WalkFields())) {
    const bool is_bare = !options_.strict && reason_ == "invalid field format" && BareValue();
    if (!is_bare) {
      return false;
    }
    outcome_.bare_value = true;
  } else if (!Time()) {
    return false;
  }
  if (!outcome_.has_time) {
    int64_t time = options_.default_time_ns;
    if (options_.strict) {
      const int64_t unit = influx::NanosecondsPer(options_.precision);
      while (time % unit != 0) {
        const int64_t rest = std::abs(time % unit);
        time -= time < 0 ? unit - rest : rest;
      }
    }
    outcome_.time_ns = time;
  }
  outcome_.ok = true;
  return true;
}

bool LineParse::Measurement() {
  if (b_.empty() || b_[0] == ',') {
    return Fail("missing measurement", 0);
  }
  for (i_ = 1;; i_++) {
    if (i_ >= b_.size()) {
      return Fail("missing fields", b_.size());
    }
    if (!Escaped(i_) && (b_[i_] == ',' || b_[i_] == ' ')) {
      break;
    }
  }
  outcome_.measurement = b_.substr(0, i_);
  return true;
}

bool LineParse::Tags() {
  bool more = b_[i_] == ',';
  while (more) {
    i_++;
    if (!TagKey() || !TagValue(&more)) {
      return false;
    }
  }
  return SortTags();
}

bool LineParse::TagKey() {
  const size_t start = i_;
  if (i_ >= b_.size() || b_[i_] == ' ' || b_[i_] == ',' || b_[i_] == '=') {
    return Fail("missing tag key", i_);
  }
  while (true) {
    i_++;
    if (i_ >= b_.size() || ((b_[i_] == ' ' || b_[i_] == ',') && !Escaped(i_))) {
      return Fail("missing tag value", i_);
    }
    if (b_[i_] == '=' && !Escaped(i_)) {
      break;
    }
  }
  tags_.emplace_back(b_.substr(start, i_ - start), "");
  tag_offsets_.push_back(start);
  i_++;
  return true;
}

bool LineParse::TagValue(bool* more) {
  const size_t start = i_;
  if (i_ >= b_.size() || b_[i_] == ',' || b_[i_] == ' ') {
    return Fail("missing tag value", i_);
  }
  while (true) {
    i_++;
    if (i_ >= b_.size()) {
      return Fail("missing fields", i_);
    }
    if (Escaped(i_)) {
      continue;
    }
    if (b_[i_] == '=') {
      return Fail("invalid tag format", i_);
    }
    if (b_[i_] == ',' || b_[i_] == ' ') {
      break;
    }
  }
  tags_.back().second = b_.substr(start, i_ - start);
  *more = b_[i_] == ',';
  return true;
}

bool LineParse::SortTags() {
  std::set<std::string> seen;
  for (size_t j = 0; j < tags_.size(); j++) {
    if (!seen.insert(tags_[j].first).second) {
      return Fail("duplicate tags", tag_offsets_[j]);
    }
  }
  for (size_t j = 1; j < tags_.size(); j++) {
    for (size_t k = j; k > 0 && tags_[k].first < tags_[k - 1].first; k--) {
      std::swap(tags_[k], tags_[k - 1]);
    }
  }
  outcome_.tags = tags_;
  return true;
}

bool LineParse::Fields() {
  size_t stray = std::string::npos;  // the first comma that has no value before it
  while (i_ < b_.size()) {
    const char byte = b_[i_];
    if (byte == '\\' && i_ + 1 < b_.size()) {
      i_ += 2;
      continue;
    }
    if (byte == '"' && equals_ > commas_) {
      quoted_ = !quoted_;
      i_++;
      // Ours: nothing may stand behind the closing quote.
      if (!quoted_ && i_ < b_.size() && b_[i_] != ',' && b_[i_] != ' ') {
        return Fail("invalid field format", i_);
      }
      continue;
    }
    if (byte == '=' && !quoted_) {
      if (!EqualsSign()) {
        return false;
      }
      continue;
    }
    if (byte == ',' && !quoted_) {
      commas_++;
      if (commas_ > equals_ && stray == std::string::npos) {
        stray = i_;
      }
    }
    if (byte == ' ' && !quoted_) {
      break;
    }
    i_++;
  }
  if (quoted_) {
    return Fail("unbalanced quotes", i_);
  }
  // Ours: a stray comma stays one when a later `=` without a comma makes up for it.
  if (stray != std::string::npos || equals_ == 0 || commas_ != equals_ - 1) {
    return Fail("invalid field format", std::min(stray, i_));
  }
  fields_end_ = i_;
  return true;
}

// At an unquoted `=`; goes on behind it, or behind the number or boolean that follows it.
bool LineParse::EqualsSign() {
  equals_++;
  const char before = b_[i_ - 1];
  if ((before == ' ' || before == ',') && b_[i_ - 2] != '\\') {
    return Fail("missing field key", i_);
  }
  // Ours: blanks that InfluxDB passed over do not make a key either.
  if (i_ == fields_begin_) {
    return Fail("missing field key", i_);
  }
  if (i_ + 1 >= b_.size() || b_[i_ + 1] == ',' || b_[i_ + 1] == ' ') {
    return Fail("missing field value", i_ + 1);
  }
  equals_signs_.push_back(i_);
  values_.emplace_back();
  if (b_[i_ + 1] != '"') {
    return Value(i_ + 1);
  }
  values_.back().type = FieldType::kString;
  if (equals_ <= commas_) {
    equals_signs_.pop_back();  // The quote will not count, so that no value begins here.
    values_.pop_back();
  }
  i_++;
  return true;
}

// A number or boolean: everything up to the `,`, space or end.
bool LineParse::Value(size_t start) {
  i_ = std::min(b_.find_first_of(", ", start), b_.size());
  const std::string reason = ParseValue(b_.substr(start, i_ - start), &values_.back());
  return reason.empty() || Fail(reason, start);
}

// Finds keys and values again, by other rules, in what Fields() has let pass.
bool LineParse::WalkFields() {
  size_t i = fields_begin_;
  for (size_t n = 0; i < fields_end_; n++) {
    const size_t key_begin = i;
    while (i < fields_end_ && (b_[i] != '=' || (i > key_begin && Escaped(i)))) {
      i++;
    }
    const std::string key = b_.substr(key_begin, i - key_begin);
    // Ours: the two must agree. (InfluxDB gives up only where nothing is left behind the key.)
    if (n >= equals_signs_.size() || equals_signs_[n] != i) {
      return Fail("invalid value: field-key=" + key, key_begin);
    }
    const size_t size = outcome_.series_key.size() + 4 + key.size();
    if (size > kLongestKey) {
      return Fail("max key length exceeded: " + std::to_string(size) + " > 65535", key_begin);
    }
    const size_t value_begin = ++i;
    for (bool quoted = false; i < fields_end_; i++) {
      if (b_[i] == '\\' && i + 1 < fields_end_ && (b_[i + 1] == '"' || b_[i + 1] == '\\')) {
        i++;
      } else if (b_[i] == '"') {
        quoted = !quoted;
      } else if (b_[i] == ',' && !quoted) {
        break;
      }
    }
    FieldOutcome field = values_[n];
    field.key = key;
    if (field.type == FieldType::kString) {
      field.value = b_.substr(value_begin + 1, i - value_begin - 2);
    }
    outcome_.fields.push_back(field);
    i++;
  }
  return true;
}

bool LineParse::Time() {
  const size_t start = AfterBlanks(b_, i_);
  for (i_ = start; i_ < b_.size() && b_[i_] != ' ' && b_[i_] != '\n'; i_++) {
    if (!(i_ == start && b_[i_] == '-') && !IsDigit(b_[i_])) {
      return Fail("bad timestamp", i_);
    }
  }
  if (i_ > start && !Timestamp(b_.substr(start, i_ - start), start)) {
    return false;
  }
  // Ours: also without a timestamp. (InfluxDB does not look behind a line feed there.)
  for (; i_ < b_.size(); i_++) {
    if (b_[i_] != ' ') {
      return Fail("point is invalid", i_);
    }
  }
  return true;
}

bool LineParse::Timestamp(const std::string& token, size_t start) {
  const std::string go_error = "strconv.ParseInt: parsing \"" + token + "\": ";
  if (token == "-") {
    return Fail(go_error + "invalid syntax", start);
  }
  errno = 0;
  const int64_t timestamp = std::strtoll(token.c_str(), nullptr, 10);
  if (errno == ERANGE) {
    return Fail(go_error + "value out of range", start);
  }
  Precision precision = options_.precision;
  if (precision == Precision::kUnspecified && !options_.strict) {
    const double seconds_1980 = 315532800.0;
    const double seconds_2100 = 4102444800.0;
    const auto number = static_cast<double>(timestamp);
    const auto is_in = [&](double per_second) {
      return number >= seconds_1980 * per_second && number <= seconds_2100 * per_second;
    };
    precision = is_in(1e6)   ? Precision::kMicrosecond
                : is_in(1e3) ? Precision::kMillisecond
                : is_in(1)   ? Precision::kSecond
                             : Precision::kNanosecond;
    outcome_.detected_precision = precision != Precision::kNanosecond;
  }
  int64_t time = 0;
  if (__builtin_mul_overflow(timestamp, influx::NanosecondsPer(precision), &time) ||
      time > 9223372036854775806 || time < -9223372036854775806) {
    return Fail("time outside range -9223372036854775806 - 9223372036854775806", start);
  }
  outcome_.time_ns = time;
  outcome_.has_time = true;
  return true;
}

// Rule A5, on a line whose field set was an invalid field format. What it finds wrong does not
// count.
bool LineParse::BareValue() {
  const std::string reason = reason_;
  const size_t offset = offset_;
  const size_t end = std::min(b_.find_first_of(" \t\r", fields_begin_), b_.size());
  const std::string token = b_.substr(fields_begin_, end - fields_begin_);
  values_.assign(1, FieldOutcome());
  i_ = end;
  bool ok = !token.empty() && token.find_first_of("=,\"\\") == std::string::npos &&
            outcome_.series_key.size() + 4 + 5 <= kLongestKey;
  // A number, or a boolean of more than one letter.
  ok = ok && ParseValue(token, &values_[0]).empty() &&
       (values_[0].type != FieldType::kBool || token.size() > 1);
  if (ok && Time()) {
    values_[0].key = "value";
    outcome_.fields = values_;
    return true;
  }
  reason_ = reason;
  offset_ = offset;
  return false;
}

// Offset of the end of the line that begins at `i`.
size_t LineEnd(const std::string& input, size_t i) {
  bool quoted = false;
  bool fields = false;
  size_t equals = 0;
  size_t commas = 0;
  for (; i < input.size(); i++) {
    const char byte = input[i];
    if (byte == '\\' && i + 2 < input.size()) {
      i++;
      continue;
    }
    if (byte == ' ') {
      fields = true;
    }
    if (fields && !quoted && byte == '=') {
      equals++;
    } else if (fields && !quoted && byte == ',') {
      commas++;
    } else if (fields && byte == '"' && equals > commas) {
      quoted = !quoted;
    } else if (byte == '\n' && !quoted) {
      break;
    }
  }
  return i;
}

// What becomes of the text of one line; `indent` blanks stand before it.
LineOutcome ParseLine(const ReaderOptions& options, const std::string& text, size_t indent) {
  LineParse parse(options, text);
  std::string shown = text;
  bool ok = false;
  if (text.size() > options.max_line_size) {
    parse.reason_ = "max line size exceeded: " + std::to_string(text.size()) + " > " +
                    std::to_string(options.max_line_size);
    parse.offset_ = options.max_line_size;
    shown = text.substr(0, 64) + "...";
  } else {
    ok = parse.Parse();
  }
  if (ok) {
    parse.outcome_.text = text;
    return parse.outcome_;
  }
  LineOutcome error;
  error.column = indent + parse.offset_ + 1;
  error.message = "unable to parse '" + shown + "': " + parse.reason_;
  return error;
}

}  // namespace

std::vector<LineOutcome> ParseLines(const ReaderOptions& options, const std::string& input) {
  std::vector<LineOutcome> outcomes;
  uint64_t line_number = 1;
  for (size_t begin = 0; begin < input.size();) {
    const size_t start = AfterBlanks(input, begin);
    // Ours: a comment is a comment before the line is split.
    const bool is_comment = start < input.size() && input[start] == '#';
    const size_t end =
        is_comment ? std::min(input.find('\n', start), input.size()) : LineEnd(input, begin);
    std::string text = start < end ? input.substr(start, end - start) : "";
    if (!text.empty() && text.back() == '\n') {
      text.pop_back();
    }
    // Ours: CR LF ends a line too.
    const bool has_cr = !options.strict && !text.empty() && text.back() == '\r';
    if (has_cr) {
      text.pop_back();
    }
    if (!is_comment && !text.empty()) {
      LineOutcome outcome = ParseLine(options, text, start - begin);
      outcome.line_number = line_number;
      outcome.carriage_return = outcome.ok && has_cr;
      outcomes.push_back(outcome);
    }
    const std::string consumed = input.substr(begin, end + 1 - begin);
    line_number += static_cast<uint64_t>(std::count(consumed.begin(), consumed.end(), '\n'));
    begin = end + 1;
  }
  return outcomes;
}

}  // namespace fluxgate::reference
