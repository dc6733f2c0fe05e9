#include "protocol/influx/line_time.h"

#include "protocol/influx/byte_class.h"

#include <charconv>
#include <system_error>

namespace fluxgate::influx {
namespace {

constexpr ByteClass kTimestampEnd(" \n");
constexpr ByteClass kDigits("0123456789");

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
  size_t end = begin < text.size() && text[begin] == '-' ? begin + 1 : begin;
  while (end < text.size() && kDigits.Has(text[end])) {
    ++end;
  }
  if (end < text.size() && !kTimestampEnd.Has(text[end])) {
    return ErrorAt(LineErrorCode::kBadTimestamp, end);
  }
  const std::string_view token = text.substr(begin, end - begin);
  if (token.empty()) {
    return CheckTrailing(text, end);
  }
  int64_t timestamp = 0;
  const std::errc result = std::from_chars(token.data(), token.data() + token.size(), timestamp).ec;
  if (result == std::errc::result_out_of_range) {
    return ErrorAt(LineErrorCode::kTimestampOutOfRange, begin, token);
  }
  if (result != std::errc()) {
    return ErrorAt(LineErrorCode::kTimestampSyntax, begin, token);
  }
  if (precision == Precision::kUnspecified && detect) {
    precision = DetectPrecision(timestamp);
    time->detected_precision = precision != Precision::kNanosecond;
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
