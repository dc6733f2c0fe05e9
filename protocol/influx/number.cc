#include "protocol/influx/number.h"

#include "protocol/influx/byte_class.h"
#include "protocol/influx/digits.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <system_error>

namespace fluxgate::influx {
namespace {

// Up to this many digits the value is below 10^18 and fits an int64.
constexpr size_t kShortSize = 18;

constexpr ByteClass kNumberStart("0123456789.-Nn");

// An integer below this has an exact double.
constexpr uint64_t kExactMantissaMax = uint64_t{1} << 53;

// Powers of ten that have an exact double: one division of exact operands rounds once, so that the
// quotient is the double nearest to the decimal.
constexpr std::array<double, 23> kExactPowersOfTen = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

// An exponent that no mantissa of a line can bring back into range.
constexpr int64_t kExponentCap = int64_t{1} << 40;

void SetFloat(double value, Field* field) {
  field->type = FieldType::kFloat;
  field->float_value = value;
}

// Numbers of up to 18 digits without an exponent, which are nearly all; false when it is not one.
bool ParseShortNumber(std::string_view token, Field* field) {
  const bool is_negative = token.front() == '-';
  const size_t begin = is_negative ? 1 : 0;
  uint64_t digits = 0;
  if (token.size() > kShortSize) {
    return false;
  }
  size_t i = ReadDigits(token, begin, &digits);
  const size_t whole_digit_count = i - begin;
  if (i + 1 == token.size() && whole_digit_count > 0) {
    if (token[i] == 'i') {
      field->type = FieldType::kInt;
      field->int_value = is_negative ? -static_cast<int64_t>(digits) : static_cast<int64_t>(digits);
      return true;
    }
    if (token[i] == 'u' && !is_negative) {
      field->type = FieldType::kUint;
      field->uint_value = digits;
      return true;
    }
  }
  size_t fraction_digit_count = 0;
  if (i < token.size() && token[i] == '.') {
    i = ReadDigits(token, i + 1, &digits);
    fraction_digit_count = i - begin - whole_digit_count - 1;
  }
  if (i != token.size() || whole_digit_count + fraction_digit_count == 0 ||
      digits >= kExactMantissaMax) {
    return false;
  }
  const double magnitude = static_cast<double>(digits) / kExactPowersOfTen[fraction_digit_count];
  SetFloat(is_negative ? -magnitude : magnitude, field);
  return true;
}

// What the bytes of a token say it is, before its value counts.
struct NumberShape {
  char suffix = '\0';  // `i`, `u` or none
  bool has_point = false;
  bool has_exponent = false;
};

// nullopt when a byte stands where InfluxDB's scan does not take it.
std::optional<NumberShape> ScanNumber(std::string_view token) {
  NumberShape shape;
  for (size_t i = token.front() == '-' ? 1 : 0; i < token.size(); ++i) {
    const char byte = token[i];
    const char previous = i > 0 ? token[i - 1] : '\0';
    if (IsDigit(byte)) {
      continue;
    }
    if ((byte == 'i' || byte == 'u') && i > 0 && shape.suffix == '\0') {
      shape.suffix = byte;
    } else if (byte == '.' && !shape.has_point) {
      shape.has_point = true;
    } else if ((byte == 'e' || byte == 'E') && i > 0) {
      shape.has_exponent = true;
    } else if ((byte != '+' && byte != '-') || (previous != 'e' && previous != 'E')) {
      return std::nullopt;
    }
  }
  return shape;
}

template <typename Integer>
std::errc ReadInteger(std::string_view digits, Integer* value) {
  return std::from_chars(digits.data(), digits.data() + digits.size(), *value).ec;
}

std::optional<LineErrorCode> ParseLongInteger(std::string_view token, char suffix, Field* field) {
  const std::string_view digits = token.substr(0, token.size() - 1);
  const bool is_signed = suffix == 'i';
  if (token.back() != suffix || digits == "-" || (!is_signed && digits.front() == '-')) {
    return LineErrorCode::kInvalidNumber;
  }
  field->type = is_signed ? FieldType::kInt : FieldType::kUint;
  const std::errc result =
      is_signed ? ReadInteger(digits, &field->int_value) : ReadInteger(digits, &field->uint_value);
  if (result != std::errc()) {
    return is_signed ? LineErrorCode::kIntegerOutOfRange : LineErrorCode::kUnsignedOutOfRange;
  }
  return std::nullopt;
}

// Whether a decimal that no double can hold is too small for one, not too large.
bool IsTooSmall(std::string_view token) {
  const size_t mantissa_end = std::min(token.find_first_of("eE"), token.size());
  const std::string_view mantissa = token.substr(0, mantissa_end);
  const size_t point = std::min(mantissa.find('.'), mantissa.size());
  const size_t first_digit = mantissa.find_first_of("123456789");
  int64_t exponent = 0;
  bool is_negative = false;
  for (const char byte : token.substr(mantissa_end)) {
    is_negative = is_negative || byte == '-';
    if (IsDigit(byte)) {
      exponent = std::min(exponent * 10 + (byte - '0'), kExponentCap);
    }
  }
  const int64_t leading_zeros = static_cast<int64_t>(first_digit) - static_cast<int64_t>(point);
  return (is_negative ? -exponent : exponent) < leading_zeros;
}

std::optional<LineErrorCode> ParseLongFloat(std::string_view token, Field* field) {
  double value = 0;
  const char* const end = token.data() + token.size();
  const std::from_chars_result result = std::from_chars(token.data(), end, value);
  if (result.ec == std::errc::invalid_argument || result.ptr != end) {
    return LineErrorCode::kInvalidFloat;
  }
  if (result.ec == std::errc::result_out_of_range) {
    if (!IsTooSmall(token)) {
      return LineErrorCode::kInvalidFloat;
    }
    value = token.front() == '-' ? -0.0 : 0.0;
  }
  SetFloat(value, field);
  return std::nullopt;
}

}  // namespace

std::optional<LineErrorCode> ParseNumber(std::string_view token, Field* field) {
  if (ParseShortNumber(token, field)) {
    return std::nullopt;
  }
  const std::optional<NumberShape> shape = ScanNumber(token);
  if (!shape) {
    return LineErrorCode::kInvalidNumber;
  }
  if (shape->suffix != '\0') {
    if (shape->has_point || shape->has_exponent) {
      return LineErrorCode::kInvalidNumber;
    }
    return ParseLongInteger(token, shape->suffix, field);
  }
  // Only a sign and a point, and no digit to them.
  if (token == "-" || token == "." || token == "-.") {
    return LineErrorCode::kInvalidNumber;
  }
  return ParseLongFloat(token, field);
}

std::optional<LineErrorCode> ParseBoolean(std::string_view token, Field* field) {
  static constexpr std::array<std::string_view, 5> kTrue = {"t", "T", "true", "True", "TRUE"};
  static constexpr std::array<std::string_view, 5> kFalse = {"f", "F", "false", "False", "FALSE"};
  const bool is_true = std::find(kTrue.begin(), kTrue.end(), token) != kTrue.end();
  if (!is_true && std::find(kFalse.begin(), kFalse.end(), token) == kFalse.end()) {
    return LineErrorCode::kInvalidBoolean;
  }
  field->type = FieldType::kBool;
  field->bool_value = is_true;
  return std::nullopt;
}

std::optional<LineErrorCode> ParseNumberOrBoolean(std::string_view token, Field* field) {
  return kNumberStart.Has(token.front()) ? ParseNumber(token, field) : ParseBoolean(token, field);
}

}  // namespace fluxgate::influx
