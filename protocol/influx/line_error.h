// Why a line was rejected.
//
// Encodings: columns are 1-based bytes of the line as sent, leading blanks included; when input is
// missing the column is the line's length plus 1.
// Lifetime: `text` views the reader's input, or the reader's own copy of the start of an overlong
// line; valid until the next LineReader::Next().
// Thread: compatible.
// Spec: InfluxDB 1.x models/points.go error texts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fluxgate::influx {

enum class LineErrorCode : uint8_t {
  kMissingMeasurement,
  kMissingFields,
  kMissingTagKey,
  kMissingTagValue,
  kInvalidTagFormat,
  kDuplicateTags,
  kKeyTooLong,
  kMissingFieldKey,
  kMissingFieldValue,
  kInvalidFieldFormat,
  kUnbalancedQuotes,
  kInvalidFieldKey,
  kInvalidNumber,
  kInvalidFloat,
  kInvalidBoolean,
  kIntegerOutOfRange,
  kUnsignedOutOfRange,
  kBadTimestamp,
  kTimestampSyntax,
  kTimestampOutOfRange,
  kTrailingText,
  kTimeOutsideRange,
  kLineTooLong,
  // Of other forms than line protocol.
  kInvalidCsvQuotes,
  kInvalidCsvAnnotation,
  kTooManyCells,
  kInvalidValue,
  kNoRuleMatches,
  kReportTooLong,
  kReportCutOff,
  kNameTooLong,
};
inline constexpr int kLineErrorCodeCount = static_cast<int>(LineErrorCode::kNameTooLong) + 1;

struct LineError {
  LineErrorCode code = LineErrorCode::kMissingFields;
  uint64_t line_number = 0;  // 1-based
  uint64_t column = 0;       // 1-based
  uint64_t size = 0;         // kKeyTooLong, kLineTooLong, kNameTooLong: the length found, in bytes
  uint64_t size_max = 0;     // kLineTooLong, kNameTooLong: the limit, in bytes
  // The number, timestamp or key that the reason quotes; same lifetime as `text`.
  std::string_view token;
  // The line without leading blanks and its end; of an overlong line its first 64 bytes.
  std::string_view text;
};

// The reason in InfluxDB's words, such as `missing fields`.
std::string Reason(const LineError& error);

// `unable to parse '<line>': <reason>`, the text that InfluxDB 1.x answers.
std::string Message(const LineError& error);

// The code as a metric label value: `missing_fields`.
std::string_view Name(LineErrorCode code);

}  // namespace fluxgate::influx
