#include "protocol/influx/field_set.h"

#include "protocol/influx/byte_class.h"
#include "protocol/influx/number.h"
#include "protocol/influx/series_key.h"

#include <algorithm>
#include <cassert>
#include <cstdint>

namespace fluxgate::influx {
namespace {

constexpr ByteClass kKeySpecial("=, \\");
constexpr ByteClass kValueEnd(", ");
constexpr ByteClass kStringSpecial("\"\\");
constexpr size_t kNowhere = static_cast<size_t>(-1);

LineError ErrorAt(LineErrorCode code, size_t offset) {
  LineError error;
  error.code = code;
  error.column = offset + 1;
  return error;
}

// The number that an out-of-range error quotes.
std::string_view WithoutSuffix(std::string_view token) {
  return token.substr(0, token.find_first_of("iu"));
}

// Both of InfluxDB's passes over a field set in one. The first of them counts `=` and `,`, takes
// quotes as quotes only where there were more of the former, and pairs backslashes; the second
// finds the keys again by "`=` that no backslash precedes". They disagree on `a\\=1`.
class FieldSetScan {
 public:
  FieldSetScan(std::string_view text, size_t begin, size_t series_key_size, size_t fields_max,
               FieldSet* set, bool ends_when_full)
      : text_(text),
        offset_(begin),
        size_before_key_(series_key_size + kFieldKeySeparatorSize),
        fields_max_(fields_max),
        set_(set),
        ends_when_full_(ends_when_full) {}

  std::optional<LineError> Run();

  // The rules of the second pass, which apply once the first has found nothing wrong.
  std::optional<LineError> CheckKeys() const;

 private:
  bool IsSectionEnd() const { return offset_ == text_.size() || text_[offset_] == ' '; }
  void FindKeyEnd();
  std::optional<LineError> ReadField(size_t key_begin);
  Field* AddField(size_t key_begin);
  std::optional<LineError> ReadValue(Field* field);
  std::optional<LineError> ReadToken(Field* field);
  std::optional<LineError> ReadString(Field* field);
  LineError AmbiguousKey() const;

  const std::string_view text_;
  size_t offset_;
  const size_t size_before_key_;
  const size_t fields_max_;
  FieldSet* const set_;
  const bool ends_when_full_;  // else what is not kept is checked
  Field unkept_;               // stands for the fields that are checked only
  uint64_t equals_ = 0;
  uint64_t commas_ = 0;
  size_t stray_comma_ = kNowhere;          // the first `,` inside a field key
  std::string_view overlong_key_;          // the first, unless an ambiguous one came before it
  size_t ambiguous_key_begin_ = kNowhere;  // the first key whose `=` stands behind `\\`
};

std::optional<LineError> FieldSetScan::Run() {
  set_->fields.clear();
  set_->rest = kNowhere;
  while (true) {
    if (ends_when_full_ && set_->fields.size() == fields_max_) {
      set_->rest = offset_;
      return std::nullopt;
    }
    const size_t key_begin = offset_;
    FindKeyEnd();
    if (IsSectionEnd()) {
      return ErrorAt(LineErrorCode::kInvalidFieldFormat,
                     stray_comma_ == kNowhere ? offset_ : stray_comma_);
    }
    if (text_[offset_] == ',') {
      ++commas_;
      stray_comma_ = std::min(stray_comma_, offset_);
      ++offset_;
      continue;
    }
    ++equals_;
    if (std::optional<LineError> error = ReadField(key_begin)) {
      return error;
    }
    if (IsSectionEnd()) {
      break;
    }
    if (text_[offset_] == ',') {
      ++commas_;
      ++offset_;
    }
  }
  if (stray_comma_ != kNowhere) {
    return ErrorAt(LineErrorCode::kInvalidFieldFormat, stray_comma_);
  }
  set_->end = offset_;
  set_->rest = std::min(set_->rest, offset_);
  return std::nullopt;
}

// Moves to the next `=`, `,` or space that is not escaped.
void FieldSetScan::FindKeyEnd() {
  offset_ = FindMember(text_, offset_, kKeySpecial);
  while (offset_ < text_.size() && text_[offset_] == '\\') {
    offset_ = FindMember(text_, std::min(offset_ + 2, text_.size()), kKeySpecial);
  }
}

// Reads on from the `=` at offset_.
std::optional<LineError> FieldSetScan::ReadField(size_t key_begin) {
  const size_t key_end = offset_;
  if (key_end == key_begin) {
    // InfluxDB does not see that the key is missing in `a\\,=1`, but the comma is one too many.
    const bool hidden = stray_comma_ != kNowhere && key_end >= 2 && text_[key_end - 2] == '\\';
    if (!hidden) {
      return ErrorAt(LineErrorCode::kMissingFieldKey, key_end);
    }
  }
  ++offset_;
  if (offset_ == text_.size() || kValueEnd.Has(text_[offset_])) {
    return ErrorAt(LineErrorCode::kMissingFieldValue, offset_);
  }
  if (text_[offset_] == '"' && equals_ <= commas_) {
    return std::nullopt;  // A quote that does not count is an ordinary byte of what follows.
  }
  const std::string_view key = text_.substr(key_begin, key_end - key_begin);
  if (ambiguous_key_begin_ == kNowhere) {
    if (key.ends_with('\\')) {
      ambiguous_key_begin_ = key_begin;
    } else if (overlong_key_.empty() && size_before_key_ + key.size() > kSeriesKeySizeMax) {
      overlong_key_ = key;
    }
  }
  Field* const field = AddField(key_begin);
  field->key = key;
  return ReadValue(field);
}

Field* FieldSetScan::AddField(size_t key_begin) {
  if (set_->fields.size() < fields_max_) {
    return &set_->fields.emplace_back();
  }
  set_->rest = std::min(set_->rest, key_begin);
  return &unkept_;
}

std::optional<LineError> FieldSetScan::ReadValue(Field* field) {
  return text_[offset_] == '"' ? ReadString(field) : ReadToken(field);
}

std::optional<LineError> FieldSetScan::ReadToken(Field* field) {
  const size_t begin = offset_;
  offset_ = FindMember(text_, begin, kValueEnd);
  const std::string_view token = text_.substr(begin, offset_ - begin);
  if (const std::optional<LineErrorCode> code = ParseNumberOrBoolean(token, field)) {
    LineError error = ErrorAt(*code, begin);
    error.token = WithoutSuffix(token);
    return error;
  }
  return std::nullopt;
}

std::optional<LineError> FieldSetScan::ReadString(Field* field) {
  const size_t begin = offset_ + 1;
  size_t end = FindMember(text_, begin, kStringSpecial);
  while (end < text_.size() && text_[end] == '\\') {
    end = FindMember(text_, std::min(end + 2, text_.size()), kStringSpecial);
  }
  if (end == text_.size()) {
    return ErrorAt(LineErrorCode::kUnbalancedQuotes, end);
  }
  field->type = FieldType::kString;
  field->string_value = text_.substr(begin, end - begin);
  offset_ = end + 1;
  if (offset_ < text_.size() && !kValueEnd.Has(text_[offset_])) {
    return ErrorAt(LineErrorCode::kInvalidFieldFormat, offset_);
  }
  return std::nullopt;
}

std::optional<LineError> FieldSetScan::CheckKeys() const {
  if (!overlong_key_.empty()) {
    LineError error = ErrorAt(LineErrorCode::kKeyTooLong,
                              static_cast<size_t>(overlong_key_.data() - text_.data()));
    error.size = size_before_key_ + overlong_key_.size();
    return error;
  }
  if (ambiguous_key_begin_ != kNowhere) {
    return AmbiguousKey();
  }
  return std::nullopt;
}

// InfluxDB takes the text up to the next `=` without a backslash before it for the key. Where that
// is part of a later field it goes on with wrong values; here it is an error in every case.
LineError FieldSetScan::AmbiguousKey() const {
  size_t end = text_.find('=', ambiguous_key_begin_);
  while (end < offset_ && text_[end - 1] == '\\') {
    end = text_.find('=', end + 1);
  }
  LineError error = ErrorAt(LineErrorCode::kInvalidFieldKey, ambiguous_key_begin_);
  error.token = text_.substr(ambiguous_key_begin_, std::min(end, offset_) - ambiguous_key_begin_);
  return error;
}

}  // namespace

std::optional<LineError> ParseFieldSet(std::string_view text, size_t begin, size_t series_key_size,
                                       size_t fields_max, FieldSet* set) {
  FieldSetScan scan(text, begin, series_key_size, fields_max, set, false);
  if (std::optional<LineError> error = scan.Run()) {
    return error;
  }
  return scan.CheckKeys();
}

void ReadMoreFields(std::string_view text, size_t fields_max, FieldSet* set) {
  FieldSetScan scan(text, set->rest, 0, fields_max, set, true);
  [[maybe_unused]] const std::optional<LineError> error = scan.Run();
  assert(!error);
}

}  // namespace fluxgate::influx
