#include "protocol/influx/csv_column_type.h"

#include "protocol/influx/number.h"
#include "protocol/influx/time_layout.h"

#include <absl/strings/ascii.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace fluxgate::influx {
namespace {

constexpr std::pair<std::string_view, CsvKind> kKinds[] = {
    {"", CsvKind::kNone},
    {"measurement", CsvKind::kMeasurement},
    {"tag", CsvKind::kTag},
    {"ignore", CsvKind::kIgnored},
    {"ignored", CsvKind::kIgnored},
    {"field", CsvKind::kField},
    {"time", CsvKind::kTime},
    {"dateTime", CsvKind::kTime},
    {"double", CsvKind::kDouble},
    {"long", CsvKind::kLong},
    {"unsignedLong", CsvKind::kUnsignedLong},
    {"boolean", CsvKind::kBoolean},
    {"string", CsvKind::kString},
    {"base64Binary", CsvKind::kString},
    {"duration", CsvKind::kDuration},
};

struct DurationUnit {
  std::string_view name;
  double nanoseconds;
};

// Longer names before those that they begin with.
constexpr DurationUnit kDurationUnits[] = {
    {"ns", 1},  {"us", 1e3}, {"\xC2\xB5s", 1e3}, {"\xCE\xBCs", 1e3}, {"ms", 1e6},
    {"s", 1e9}, {"m", 60e9}, {"h", 3600e9},      {"d", 86400e9},     {"w", 604800e9},
};

// `-1h30m`, `1.5s`, `0`.
std::optional<int64_t> ParseSpan(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  text.remove_prefix(is_negative || text.starts_with('+') ? 1 : 0);
  if (text == "0") {
    return 0;
  }
  double sum = 0;
  while (!text.empty()) {
    double number = 0;
    const size_t size = std::min(text.find_first_not_of("0123456789."), text.size());
    const auto parsed = std::from_chars(text.data(), text.data() + size, number);
    const auto* const unit = std::ranges::find_if(kDurationUnits, [&](const DurationUnit& each) {
      return text.substr(size).starts_with(each.name);
    });
    if (parsed.ec != std::errc() || parsed.ptr != text.data() + size ||
        unit == std::end(kDurationUnits)) {
      return std::nullopt;
    }
    sum += number * unit->nanoseconds;
    text.remove_prefix(size + unit->name.size());
    if (text.empty() && sum < 9.2e18) {
      return static_cast<int64_t>(is_negative ? -sum : sum);
    }
  }
  return std::nullopt;
}

// The number as line protocol writes it: the separators that `format` names are taken out, the
// first of them stands for the decimal point.
std::string PlainNumber(std::string_view text, std::string_view format) {
  const char point = format.empty() ? '.' : format.front();
  const std::string_view ignored = format.substr(format.empty() ? 0 : 1);
  std::string plain;
  for (const char byte : text) {
    if (byte == point) {
      plain.push_back('.');
    } else if (ignored.find(byte) == std::string_view::npos) {
      plain.push_back(byte);
    }
  }
  plain.erase(0, plain.starts_with('+') ? 1 : 0);
  return plain;
}

bool ParseTyped(const std::string& token, FieldType type, Field* field) {
  return !token.empty() && !ParseNumber(token, field) && field->type == type;
}

// Of an integer column without `strict`, a fraction is left out.
bool ParseInteger(const CsvType& type, std::string_view text, Field* field) {
  constexpr std::string_view kStrict = "strict";
  std::string_view format = type.parameter;
  const bool is_strict = format.starts_with(kStrict);
  format.remove_prefix(is_strict ? kStrict.size() : 0);
  std::string number = PlainNumber(text, format);
  if (const size_t point = number.find('.'); point != std::string::npos && !is_strict) {
    number.resize(point);
  }
  const bool is_signed = type.kind == CsvKind::kLong;
  return !number.empty() && ParseTyped(number + (is_signed ? "i" : "u"),
                                       is_signed ? FieldType::kInt : FieldType::kUint, field);
}

bool IsListed(std::string_view list, std::string_view text) {
  while (true) {
    const size_t end = std::min(list.find(','), list.size());
    if (list.substr(0, end) == text) {
      return true;
    }
    if (end == list.size()) {
      return false;
    }
    list.remove_prefix(end + 1);
  }
}

bool ParseCsvBoolean(const CsvType& type, std::string_view text, Field* field) {
  std::string_view format = type.parameter;
  std::string lowered(text);
  if (format.empty()) {
    format = "t,true,y,yes,1:f,false,n,no,0";
    absl::AsciiStrToLower(&lowered);
  }
  const size_t colon = std::min(format.find(':'), format.size());
  field->type = FieldType::kBool;
  field->bool_value = IsListed(format.substr(0, colon), lowered);
  return field->bool_value || IsListed(format.substr(std::min(colon + 1, format.size())), lowered);
}

bool ParseCsvField(const CsvType& type, std::string_view text, Field* field) {
  switch (type.kind) {
    case CsvKind::kDouble:
      return ParseTyped(PlainNumber(text, type.parameter), FieldType::kFloat, field);
    case CsvKind::kLong:
    case CsvKind::kUnsignedLong:
      return ParseInteger(type, text, field);
    case CsvKind::kBoolean:
      return ParseCsvBoolean(type, text, field);
    case CsvKind::kDuration: {
      const std::optional<int64_t> span = ParseSpan(text);
      field->type = FieldType::kInt;
      field->int_value = span.value_or(0);
      return span.has_value();
    }
    default:
      return !ParseNumberOrBoolean(text, field);
  }
}

}  // namespace

std::optional<CsvType> ParseCsvType(std::string_view text) {
  const size_t colon = std::min(text.find(':'), text.size());
  const std::string_view parameter = text.substr(std::min(colon + 1, text.size()));
  if (parameter.size() > kCsvParameterSizeMax) {
    return std::nullopt;
  }
  for (const auto& [name, kind] : kKinds) {
    if (name == text.substr(0, colon)) {
      return CsvType{kind, std::string(parameter)};
    }
  }
  return std::nullopt;
}

bool IsFieldKind(CsvKind kind) {
  return kind == CsvKind::kField || kind >= CsvKind::kDouble;
}

std::optional<LineErrorCode> AddCsvField(const CsvType& type, std::string_view key,
                                         std::string_view text, PointBuilder* builder) {
  if (type.kind == CsvKind::kString) {
    builder->AddStringField(key, text);
    return std::nullopt;
  }
  Field field;
  if (ParseCsvField(type, text, &field)) {
    builder->AddField(key, field);
    return std::nullopt;
  }
  if (type.kind != CsvKind::kField) {
    return LineErrorCode::kInvalidValue;
  }
  const bool is_quoted = text.size() > 1 && text.starts_with('"') && text.ends_with('"');
  builder->AddStringField(key, is_quoted ? text.substr(1, text.size() - 2) : text);
  return std::nullopt;
}

std::optional<int64_t> ParseCsvTime(const CsvType& type, std::string_view text, Precision precision,
                                    int32_t offset_seconds) {
  const std::string_view layout = type.parameter;
  const bool is_number = layout.empty() || layout == "number";
  if (is_number) {
    int64_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    if (parsed.ec == std::errc() && parsed.ptr == text.data() + text.size()) {
      const bool detects = precision == Precision::kUnspecified;
      return ToNanoseconds(number, detects ? DetectPrecision(number) : precision);
    }
  }
  if (layout == "number") {
    return std::nullopt;
  }
  const bool is_rfc3339 = layout.empty() || layout == "RFC3339" || layout == "RFC3339Nano";
  return ParseTimeLayout(text, is_rfc3339 ? kRfc3339Layout : layout, offset_seconds);
}

}  // namespace fluxgate::influx
