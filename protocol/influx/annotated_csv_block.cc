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

size_t SizeOf(const CsvColumn& column) {
  return column.label.size() + column.default_value.size() + column.type.parameter.size();
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
  *this = AnnotatedCsvBlock(filled_size_max_);
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
  const size_t size = SizeOf(column);
  const size_t labels = is_concat ? CountLabels(column.default_value) : 0;
  if (constants_.size() == kFilledMax || size > filled_size_max_ - constants_size_ ||
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
    if (std::optional<LineError> error = AddColumn(row.cells[i], i)) {
      return error;
    }
  }
  cell_count_ = columns_.size();
  const std::optional<LineError> error = LimitDefaults(row);
  columns_.insert(columns_.end(), constants_.begin(), constants_.end());
  SetRoles(row);
  FindFilledColumns();
  has_header_ = true;
  made_size_ = 0;
  for (const CsvColumn& column : columns_) {
    made_size_ += kCsvCellCost + SizeOf(column) + kCsvCellCost * column.pieces.size();
  }
  return error;
}

std::optional<LineError> AnnotatedCsvBlock::AddColumn(const CsvCell& cell, size_t index) {
  CsvColumn column;
  std::string_view rest = cell.value;
  if (index < types_.size() && types_[index].kind != CsvKind::kNone) {
    column.type = types_[index];
    column.label = rest;
  } else {
    column.label = TakePart(&rest);
    const std::optional<CsvType> type = ParseCsvType(TakePart(&rest));
    if (!type) {
      return AnnotationError(cell.value, cell.begin + 1);
    }
    column.type = *type;
    column.default_value = rest;
  }
  if (index < defaults_.size() && !defaults_[index].empty()) {
    column.default_value = defaults_[index];
  }
  columns_.push_back(std::move(column));
  return std::nullopt;
}

// Takes away the defaults that are too many or too long.
std::optional<LineError> AnnotatedCsvBlock::LimitDefaults(const CsvRow& row) {
  std::optional<LineError> error;
  size_t left = kFilledMax - constants_.size();
  size_t size_left = filled_size_max_ - constants_size_;
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].default_value.empty()) {
      continue;
    }
    const size_t size = SizeOf(columns_[i]);
    if (left == 0 || size > size_left) {
      columns_[i].default_value.clear();
      error = error ? error : AnnotationError(row.cells[i].value, row.cells[i].begin + 1);
      continue;
    }
    --left;
    size_left -= size;
  }
  return error;
}

void AnnotatedCsvBlock::SetRoles(const CsvRow& row) {
  is_query_result_ = LooksLikeHeader(row);
  has_field_keys_ = std::ranges::find(columns_, "_field", &CsvColumn::label) != columns_.end();
  ColumnsByLabel by_label;
  for (size_t i = 0; i < cell_count_ && label_count_ > 0; ++i) {
    by_label.emplace(columns_[i].label, i);
  }
  for (size_t i = 0; i < columns_.size(); ++i) {
    CsvColumn& column = columns_[i];
    // A result without groups has tags in its strings.
    column.role = RoleOf(column, i >= groups_.size() || groups_[i]);
    if (column.type.kind == CsvKind::kNone) {
      column.type.kind = CsvKind::kField;
    }
    if (column.is_concat) {
      column.pieces = ReadPattern(column.default_value, by_label);
    }
  }
}

// A label that no column has stands for nothing.
std::vector<CsvConcatPiece> AnnotatedCsvBlock::ReadPattern(std::string_view pattern,
                                                           const ColumnsByLabel& columns) {
  std::vector<CsvConcatPiece> pieces;
  while (!pattern.empty()) {
    const size_t begin = std::min(pattern.find("${"), pattern.size());
    const size_t end = pattern.find('}', begin);
    if (end == std::string_view::npos) {
      pieces.push_back({std::string(pattern), std::nullopt});
      break;
    }
    CsvConcatPiece piece = {std::string(pattern.substr(0, begin)), std::nullopt};
    const auto found = columns.find(pattern.substr(begin + 2, end - begin - 2));
    if (found != columns.end()) {
      piece.column = found->second;
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
