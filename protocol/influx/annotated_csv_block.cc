#include "protocol/influx/annotated_csv_block.h"

#include "protocol/influx/time_zone.h"

#include <algorithm>

namespace fluxgate::influx {
namespace {

constexpr std::string_view kResultColumns[] = {"_measurement", "_field", "_value", "_time"};
constexpr std::string_view kResultIgnored[] = {"", "result", "table", "_start", "_stop"};

std::string_view TrimBlanks(std::string_view text) {
  const size_t begin = std::min(text.find_first_not_of(' '), text.size());
  const size_t end = text.find_last_not_of(' ') + 1;
  return begin < end ? text.substr(begin, end - begin) : std::string_view();
}

LineError AnnotationError(std::string_view token, size_t column) {
  LineError error;
  error.code = LineErrorCode::kInvalidCsvAnnotation;
  error.token = token;
  error.column = column;
  return error;
}

bool IsOneOf(std::string_view name, std::span<const std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

// `name|type|default` in its parts.
std::string_view TakePart(std::string_view* rest) {
  const size_t end = std::min(rest->find('|'), rest->size());
  const std::string_view part = rest->substr(0, end);
  rest->remove_prefix(std::min(end + 1, rest->size()));
  return part;
}

}  // namespace

void AnnotatedCsvBlock::Clear() {
  *this = {};
}

std::optional<LineError> AnnotatedCsvBlock::TakeAnnotation(const CsvRow& row) {
  // `#datatype tag,...` has the first column's value behind the name.
  const std::string_view first = row.cells.front().value;
  const size_t name_size = std::min(first.find(' '), first.size());
  const std::string_view name = first.substr(0, name_size);
  std::vector<std::string_view> values = {TrimBlanks(first.substr(name_size))};
  for (const CsvCell& cell : row.cells.subspan(1)) {
    values.push_back(cell.value);
  }
  if (name == "#datatype") {
    return TakeTypes(row, values);
  }
  if (name == "#group") {
    groups_.clear();
    for (const std::string_view value : values) {
      groups_.push_back(value == "true");
    }
  } else if (name == "#default") {
    defaults_.assign(values.begin(), values.end());
  } else if (name == "#constant" || name == "#concat") {
    if (values.front().empty()) {
      values.erase(values.begin());
    }
    while (!values.empty() && values.back().empty()) {
      values.pop_back();
    }
    return AddConstant(values, name == "#concat");
  } else if (name == "#timezone") {
    const std::string_view zone =
        values.front().empty() && values.size() > 1 ? values[1] : values.front();
    const std::optional<int32_t> offset = ParseZoneOffset(zone);
    if (!offset) {
      return AnnotationError(zone, 1);
    }
    offset_seconds_ = *offset;
  }
  return std::nullopt;
}

std::optional<LineError> AnnotatedCsvBlock::TakeTypes(const CsvRow& row,
                                                      std::span<const std::string_view> values) {
  types_.clear();
  for (size_t i = 0; i < values.size(); ++i) {
    const std::optional<CsvType> type = ParseCsvType(TrimBlanks(values[i]));
    if (!type) {
      return AnnotationError(values[i], row.cells[i].begin + 1);
    }
    types_.push_back(*type);
  }
  return std::nullopt;
}

// `measurement,cpu`, `tag,host,a`, `dateTime,2020-01-01T00:00:00Z`.
std::optional<LineError> AnnotatedCsvBlock::AddConstant(std::span<const std::string_view> values,
                                                        bool is_concat) {
  if (values.size() < 2) {
    return AnnotationError(values.empty() ? std::string_view() : values.front(), 1);
  }
  const std::optional<CsvType> type = ParseCsvType(TrimBlanks(values.front()));
  if (!type || type->kind == CsvKind::kNone) {
    return AnnotationError(values.front(), 1);
  }
  CsvColumn column;
  column.type = *type;
  column.default_value = values.back();
  column.label = values.size() > 2 ? TrimBlanks(values[1]) : std::string_view();
  column.is_concat = is_concat;
  constants_.push_back(std::move(column));
  return std::nullopt;
}

std::optional<LineError> AnnotatedCsvBlock::TakeHeader(const CsvRow& row) {
  columns_.clear();
  for (size_t i = 0; i < row.cells.size(); ++i) {
    CsvColumn column;
    std::string_view rest = row.cells[i].value;
    if (i < types_.size() && types_[i].kind != CsvKind::kNone) {
      column.type = types_[i];
      column.label = rest;
    } else {
      column.label = TakePart(&rest);
      const std::optional<CsvType> type = ParseCsvType(TakePart(&rest));
      if (!type) {
        return AnnotationError(row.cells[i].value, row.cells[i].begin + 1);
      }
      column.type = *type;
      column.default_value = rest;
    }
    if (i < defaults_.size() && !defaults_[i].empty()) {
      column.default_value = defaults_[i];
    }
    columns_.push_back(std::move(column));
  }
  cell_count_ = columns_.size();
  columns_.insert(columns_.end(), constants_.begin(), constants_.end());
  is_query_result_ = LooksLikeHeader(row);
  has_field_keys_ = std::ranges::find(columns_, "_field", &CsvColumn::label) != columns_.end();
  for (size_t i = 0; i < columns_.size(); ++i) {
    // A result without groups has tags in its strings.
    columns_[i].role = RoleOf(columns_[i], i >= groups_.size() || groups_[i]);
    if (columns_[i].type.kind == CsvKind::kNone) {
      columns_[i].type.kind = CsvKind::kField;
    }
  }
  has_header_ = true;
  return std::nullopt;
}

bool AnnotatedCsvBlock::LooksLikeHeader(const CsvRow& row) {
  return std::ranges::any_of(
      row.cells, [](const CsvCell& cell) { return IsOneOf(cell.value, kResultColumns); });
}

CsvRole AnnotatedCsvBlock::RoleOf(const CsvColumn& column, bool is_group) const {
  const CsvKind kind = column.type.kind;
  if (is_query_result_) {
    constexpr CsvRole kRoles[] = {CsvRole::kMeasurement, CsvRole::kFieldKey, CsvRole::kFieldValue,
                                  CsvRole::kTime};
    const auto* const found = std::ranges::find(kResultColumns, column.label);
    if (found != std::end(kResultColumns)) {
      return kRoles[found - std::begin(kResultColumns)];
    }
    if (IsOneOf(column.label, kResultIgnored) && kind != CsvKind::kTag &&
        kind != CsvKind::kMeasurement) {
      return CsvRole::kIgnored;
    }
    if (kind == CsvKind::kString || kind == CsvKind::kNone) {
      return has_field_keys_ || is_group ? CsvRole::kTag : CsvRole::kField;
    }
  }
  switch (kind) {
    case CsvKind::kMeasurement:
      return CsvRole::kMeasurement;
    case CsvKind::kTag:
      return CsvRole::kTag;
    case CsvKind::kTime:
      return is_query_result_ ? CsvRole::kIgnored : CsvRole::kTime;
    case CsvKind::kIgnored:
      return CsvRole::kIgnored;
    case CsvKind::kNone:
      return column.label.empty() ? CsvRole::kIgnored : CsvRole::kField;
    default:
      return CsvRole::kField;
  }
}

}  // namespace fluxgate::influx
