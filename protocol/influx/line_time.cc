#include "protocol/influx/line_time.h"

#include "protocol/influx/byte_class.h"
#include "protocol/influx/digits.h"

#include <charconv>
#include <system_error>

namespace fluxgate::influx {
namespace {

constexpr ByteClass kTimestampEnd(" \n");

LineError ErrorAt(LineErrorCode code, size_t offset, std::string_view token = {}) {
  LineError error;
  error.code = code;
  error.column = offset + 1;
  error.token = token;
  return error;
}

// The first byte from `from` on that keeps `text` from ending there.
std::optional<LineError> CheckTrailing(std::string_view text, size_t from) {
  const size_t offset = text.find_first_not_of(' ', from);
  if (offset == std::string_view::npos) {
    return std::nullopt;
  }
  return ErrorAt(LineErrorCode::kTrailingText, offset);
}

}  // namespace

std::optional<LineError> ParseLineTime(std::string_view text, size_t begin, Precision precision,
                                       bool detect, LineTime* time) {
  *time = LineTime();
  begin = SkipBlanks(text, begin);
  const bool is_negative = begin < text.size() && text[begin] == '-';
  const size_t digits_begin = is_negative ? begin + 1 : begin;
  uint64_t digits = 0;
  const size_t end = ReadDigits(text, digits_begin, &digits);
  if (end < text.size() && !kTimestampEnd.Has(text[end])) {
    return ErrorAt(LineErrorCode::kBadTimestamp, end);
  }
  const std::string_view token = text.substr(begin, end - begin);
  if (token.empty()) {
    return CheckTrailing(text, end);
  }
  if (end == digits_begin) {
    return ErrorAt(LineErrorCode::kTimestampSyntax, begin, token);
  }
  int64_t timestamp = static_cast<int64_t>(is_negative ? -digits : digits);
  const bool in_range =
      end - digits_begin <= kSafeDigitCount
          ? digits <= uint64_t{INT64_MAX} + (is_negative ? 1 : 0)
          // Leading zeros do not count.
          : std::from_chars(token.data(), token.data() + token.size(), timestamp).ec == std::errc();
  if (!in_range) {
    return ErrorAt(LineErrorCode::kTimestampOutOfRange, begin, token);
  }
  if (precision == Precision::kUnspecified && detect) {
    precision = DetectPrecision(timestamp);
    time->detected_precision = precision != Precision::kNanosecond;
  }
  if (precision == Precision::kMicrosecondOrNanosecond) {
    precision = MicrosecondOrNanosecond(timestamp);
  }
  const std::optional<int64_t> time_ns = ToNanoseconds(timestamp, precision);
  if (!time_ns) {
    return ErrorAt(LineErrorCode::kTimeOutsideRange, begin, token);
  }
  time->time_ns = *time_ns;
  time->is_given = true;
  return CheckTrailing(text, end);
}

}  // namespace fluxgate::influx
