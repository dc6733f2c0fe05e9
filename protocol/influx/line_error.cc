#include "protocol/influx/line_error.h"

#include "protocol/influx/precision.h"
#include "protocol/influx/series_key.h"

#include <absl/strings/str_format.h>

#include <array>

namespace fluxgate::influx {
namespace {

struct CodeText {
  LineErrorCode code;
  std::string_view name;
  std::string_view reason;  // empty where the reason quotes a part of the line
};

constexpr std::array<CodeText, kLineErrorCodeCount> kTexts = {{
    {LineErrorCode::kMissingMeasurement, "missing_measurement", "missing measurement"},
    {LineErrorCode::kMissingFields, "missing_fields", "missing fields"},
    {LineErrorCode::kMissingTagKey, "missing_tag_key", "missing tag key"},
    {LineErrorCode::kMissingTagValue, "missing_tag_value", "missing tag value"},
    {LineErrorCode::kInvalidTagFormat, "invalid_tag_format", "invalid tag format"},
    {LineErrorCode::kDuplicateTags, "duplicate_tags", "duplicate tags"},
    {LineErrorCode::kKeyTooLong, "key_too_long", ""},
    {LineErrorCode::kMissingFieldKey, "missing_field_key", "missing field key"},
    {LineErrorCode::kMissingFieldValue, "missing_field_value", "missing field value"},
    {LineErrorCode::kInvalidFieldFormat, "invalid_field_format", "invalid field format"},
    {LineErrorCode::kUnbalancedQuotes, "unbalanced_quotes", "unbalanced quotes"},
    {LineErrorCode::kInvalidFieldKey, "invalid_field_key", ""},
    {LineErrorCode::kInvalidNumber, "invalid_number", "invalid number"},
    {LineErrorCode::kInvalidFloat, "invalid_float", "invalid float"},
    {LineErrorCode::kInvalidBoolean, "invalid_boolean", "invalid boolean"},
    {LineErrorCode::kIntegerOutOfRange, "integer_out_of_range", ""},
    {LineErrorCode::kUnsignedOutOfRange, "unsigned_out_of_range", ""},
    {LineErrorCode::kBadTimestamp, "bad_timestamp", "bad timestamp"},
    {LineErrorCode::kTimestampSyntax, "timestamp_syntax", ""},
    {LineErrorCode::kTimestampOutOfRange, "timestamp_out_of_range", ""},
    {LineErrorCode::kTrailingText, "trailing_text", "point is invalid"},
    {LineErrorCode::kTimeOutsideRange, "time_outside_range", ""},
    {LineErrorCode::kLineTooLong, "line_too_long", ""},
    {LineErrorCode::kInvalidCsvQuotes, "invalid_csv_quotes", "invalid quotes in CSV"},
    {LineErrorCode::kInvalidCsvAnnotation, "invalid_csv_annotation", ""},
    {LineErrorCode::kTooManyCells, "too_many_cells", "more cells than columns"},
    {LineErrorCode::kInvalidValue, "invalid_value", ""},
    {LineErrorCode::kNoRuleMatches, "no_rule_matches", "no rule matches"},
    {LineErrorCode::kReportTooLong, "report_too_long", "too many points in one report"},
    {LineErrorCode::kReportCutOff, "report_cut_off", "the report ends before its tags and date"},
    {LineErrorCode::kNameTooLong, "name_too_long", ""},
}};

constexpr bool IsInCodeOrder() {
  for (size_t i = 0; i < kTexts.size(); ++i) {
    if (static_cast<size_t>(kTexts[i].code) != i) {
      return false;
    }
  }
  return true;
}
static_assert(IsInCodeOrder());

const CodeText& TextOf(LineErrorCode code) {
  return kTexts[static_cast<size_t>(code)];
}

std::string NumberOutOfRange(std::string_view kind, std::string_view function,
                             std::string_view token) {
  return absl::StrFormat("unable to parse %s %s: strconv.%s: parsing \"%s\": value out of range",
                         kind, token, function, token);
}

std::string TimestampError(std::string_view token, std::string_view problem) {
  return absl::StrFormat("strconv.ParseInt: parsing \"%s\": %s", token, problem);
}

}  // namespace

std::string Reason(const LineError& error) {
  switch (error.code) {
    case LineErrorCode::kKeyTooLong:
      return absl::StrFormat("max key length exceeded: %d > %d", error.size, kSeriesKeySizeMax);
    case LineErrorCode::kInvalidFieldKey:
      return absl::StrFormat("invalid value: field-key=%s", error.token);
    case LineErrorCode::kIntegerOutOfRange:
      return NumberOutOfRange("integer", "ParseInt", error.token);
    case LineErrorCode::kUnsignedOutOfRange:
      return NumberOutOfRange("unsigned", "ParseUint", error.token);
    case LineErrorCode::kTimestampSyntax:
      return TimestampError(error.token, "invalid syntax");
    case LineErrorCode::kTimestampOutOfRange:
      return TimestampError(error.token, "value out of range");
    case LineErrorCode::kTimeOutsideRange:
      return absl::StrFormat("time outside range %d - %d", kTimeMin, kTimeMax);
    case LineErrorCode::kLineTooLong:
      return absl::StrFormat("max line size exceeded: %d > %d", error.size, error.size_max);
    case LineErrorCode::kNameTooLong:
      return absl::StrFormat("max length of a database or retention policy name exceeded: %d > %d",
                             error.size, error.size_max);
    case LineErrorCode::kInvalidCsvAnnotation:
      return absl::StrFormat("invalid CSV annotation: \"%s\"", error.token);
    case LineErrorCode::kInvalidValue:
      return absl::StrFormat("invalid value: \"%s\"", error.token);
    default:
      return std::string(TextOf(error.code).reason);
  }
}

std::string Message(const LineError& error) {
  const std::string_view cut = error.code == LineErrorCode::kLineTooLong ? "..." : "";
  return absl::StrFormat("unable to parse '%s%s': %s", error.text, cut, Reason(error));
}

std::string_view Name(LineErrorCode code) {
  return TextOf(code).name;
}

}  // namespace fluxgate::influx
