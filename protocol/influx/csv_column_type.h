// The data types that annotated CSV gives its columns.
//
// Encodings: a type is `name` or `name:parameter`, as `double:,.` or `dateTime:RFC3339`.
// Lifetime: a type owns its parameter.
// Bounds: a parameter of kCsvParameterSizeMax bytes, for each cell is compared with it; a longer
// one is no type.
// Errors: nullopt or a LineErrorCode for what cannot be read.
// Thread: compatible (pure functions).
// Spec: InfluxDB annotated CSV; csv2lp of influx-cli (extended annotated CSV).
#pragma once

#include "protocol/influx/line_error.h"
#include "protocol/influx/point_builder.h"
#include "protocol/influx/precision.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fluxgate::influx {

enum class CsvKind : uint8_t {
  kNone,  // the annotation says nothing of the column
  kIgnored,
  kMeasurement,
  kTag,
  kField,  // of a type that the value shows
  kTime,
  kDouble,
  kLong,
  kUnsignedLong,
  kBoolean,
  kString,
  kDuration,
};

inline constexpr size_t kCsvParameterSizeMax = 256;

struct CsvType {
  CsvKind kind = CsvKind::kNone;
  std::string parameter;  // behind the colon
};

std::optional<CsvType> ParseCsvType(std::string_view text);

// Whether values of the type are fields.
bool IsFieldKind(CsvKind kind);

// Adds the field that `text` is. It is not empty.
std::optional<LineErrorCode> AddCsvField(const CsvType& type, std::string_view key,
                                         std::string_view text, PointBuilder* builder);

// A time in ns. A number is in units of `precision`; `offset_seconds` is the zone of a time that
// names none.
std::optional<int64_t> ParseCsvTime(const CsvType& type, std::string_view text, Precision precision,
                                    int32_t offset_seconds);

}  // namespace fluxgate::influx
