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

size_t CountLabels(std::string_view pattern) {
  size_t count = 0;
  for (size_t at = pattern.find("${"); at != std::string_view::npos;
       at = pattern.find("${", at + 2)) {
    ++count;
  }
  return count;
}

}  // namespace

void AnnotatedCsvBlock::Clear() {
  *this = AnnotatedCsvBlock(constants_size_max_);
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
  const size_t size =
      column.label.size() + column.default_value.size() + column.type.parameter.size();
  const size_t labels = is_concat ? CountLabels(column.default_value) : 0;
  if (constants_.size() == kConstantsMax || size > constants_size_max_ - constants_size_ ||
      labels > kLabelsMax - label_count_) {
    return AnnotationError(values.front(), 1);
  }
  constants_size_ += size;
  label_count_ += labels;
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
    if (columns_[i].is_concat) {
      columns_[i].pieces = ReadPattern(columns_[i].default_value);
    }
  }
  FindFilledColumns();
  has_header_ = true;
  return std::nullopt;
}

// A label that no column has stands for nothing.
std::vector<CsvConcatPiece> AnnotatedCsvBlock::ReadPattern(std::string_view pattern) const {
  std::vector<CsvConcatPiece> pieces;
  const std::span<const CsvColumn> columns = std::span(columns_).first(cell_count_);
  while (!pattern.empty()) {
    const size_t begin = std::min(pattern.find("${"), pattern.size());
    const size_t end = pattern.find('}', begin);
    if (end == std::string_view::npos) {
      pieces.push_back({std::string(pattern), std::nullopt});
      break;
    }
    CsvConcatPiece piece = {std::string(pattern.substr(0, begin)), std::nullopt};
    const std::string_view label = pattern.substr(begin + 2, end - begin - 2);
    const auto found = std::ranges::find(columns, label, &CsvColumn::label);
    if (found != columns.end()) {
      piece.column = static_cast<size_t>(found - columns.begin());
    }
    pieces.push_back(std::move(piece));
    pattern.remove_prefix(end + 1);
  }
  return pieces;
}

void AnnotatedCsvBlock::FindFilledColumns() {
  filled_columns_.clear();
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (!columns_[i].default_value.empty()) {
      filled_columns_.push_back(i);
    }
  }
  const auto key = std::ranges::find(columns_, CsvRole::kFieldKey, &CsvColumn::role);
  field_key_column_ = key == columns_.end()
                          ? std::nullopt
                          : std::optional(static_cast<size_t>(key - columns_.begin()));
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
