#include "protocol/influx/annotated_csv_reader.h"

#include "protocol/influx/series_key.h"

#include <algorithm>
#include <utility>

namespace fluxgate::influx {
namespace {

constexpr std::string_view kSeparatorPrefix = "sep=";
constexpr std::string_view kAnnotations[] = {"#group",    "#datatype", "#default",
                                             "#constant", "#concat",   "#timezone"};

bool IsAnnotation(std::string_view text) {
  return std::ranges::any_of(kAnnotations, [&](std::string_view annotation) {
    const std::string_view behind = text.substr(std::min(annotation.size(), text.size()));
    return text.starts_with(annotation) &&
           (behind.empty() || behind.find_first_of(" ,;\t|\"\r\n") == 0);
  });
}

bool StartsSeparator(std::string_view text) {
  if (!text.starts_with(kSeparatorPrefix) || text.size() == kSeparatorPrefix.size()) {
    return false;
  }
  const std::string_view behind = text.substr(kSeparatorPrefix.size());
  const std::string_view end = behind.substr(1);
  return behind.front() != '\n' &&
         (end.empty() || end == "\r" || end.starts_with('\n') || end.starts_with("\r\n"));
}

bool HasMeasurementType(std::string_view line) {
  constexpr std::string_view kType = "|measurement";
  for (size_t at = line.find(kType); at != std::string_view::npos; at = line.find(kType, at + 1)) {
    const std::string_view behind = line.substr(at + kType.size());
    if (behind.empty() || behind.find_first_of(",;\t|\"\r") == 0) {
      return true;
    }
  }
  return false;
}

// A header without annotations: of a query's result, or with types in it.
bool IsHeader(std::string_view line) {
  if (line.find('=') != std::string_view::npos) {
    return false;  // line protocol has one
  }
  const bool is_result = line.find("_measurement") != std::string_view::npos &&
                         line.find("_value") != std::string_view::npos;
  return is_result || HasMeasurementType(line);
}

Precision CsvPrecision(const ReaderOptions& options) {
  const bool detects = options.precision != Precision::kUnspecified || !options.strict;
  return detects ? options.precision : Precision::kNanosecond;
}

}  // namespace

bool StartsAnnotatedCsv(std::string_view head) {
  head.remove_prefix(head.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
  head.remove_prefix(std::min(head.find_first_not_of(" \t\r\n"), head.size()));
  head.remove_prefix(head.starts_with('"') ? 1 : 0);
  return StartsSeparator(head) || IsAnnotation(head) || IsHeader(head.substr(0, head.find('\n')));
}

AnnotatedCsvReader::AnnotatedCsvReader(const ReaderOptions& options)
    : options_(options),
      rows_(options.max_line_size),
      block_(std::min(options.max_line_size, kSeriesKeySizeMax)) {}

void AnnotatedCsvReader::SetInput(std::string_view bytes, bool last) {
  rows_.SetInput(bytes, last);
}

AnnotatedCsvReader::Result AnnotatedCsvReader::Next() {
  switch (rows_.Next()) {
    case CsvRowReader::Result::kNeedMore:
      return Result::kNeedMore;
    case CsvRowReader::Result::kEnd:
      return Result::kEnd;
    case CsvRowReader::Result::kError:
      error_ = rows_.error();
      return Result::kError;
    case CsvRowReader::Result::kRow:
      break;
  }
  bool is_point = false;
  if (const std::optional<LineError> error = TakeRow(rows_.row(), &is_point)) {
    error_ = *error;
    error_.line_number = rows_.row().number;
    error_.text = rows_.row().text;
    error_.column = std::max<uint64_t>(error_.column, 1);
    return Result::kError;
  }
  return is_point ? Result::kPoint : Result::kNothing;
}

// `sep=;` as the first line. With a comma, the line was read as two cells.
bool AnnotatedCsvReader::TakesSeparator(const CsvRow& row) {
  const std::string_view text = row.text;
  if (!text.starts_with(kSeparatorPrefix) || text.size() != kSeparatorPrefix.size() + 1) {
    return false;
  }
  rows_.SetDelimiter(text.back());
  return true;
}

std::optional<LineError> AnnotatedCsvReader::TakeRow(const CsvRow& row, bool* is_point) {
  if (std::ranges::all_of(row.cells, [](const CsvCell& cell) { return cell.value.empty(); })) {
    behind_blank_ = true;
    return std::nullopt;
  }
  const bool at_start = std::exchange(at_start_, false);
  if (at_start && TakesSeparator(row)) {
    return std::nullopt;
  }
  const bool behind_blank = std::exchange(behind_blank_, false);
  const std::string_view first = row.cells.front().value;
  if (first.starts_with('#')) {
    if (block_.has_header() && IsAnnotation(first)) {
      block_.Clear();
    }
    return block_.TakeAnnotation(row);
  }
  if (!block_.has_header() || (behind_blank && AnnotatedCsvBlock::LooksLikeHeader(row))) {
    const std::optional<LineError> error = block_.TakeHeader(row);
    made_size_ += block_.made_size();
    return error;
  }
  std::optional<LineError> error = TakePoint(row);
  *is_point = !error;
  return error;
}

std::optional<LineError> AnnotatedCsvReader::TakePoint(const CsvRow& row) {
  LineError error;
  builder_.Clear();
  point_ = {};
  point_.time_ns = options_.default_time_ns;
  point_.line_number = row.number;
  point_.text = row.text;
  concat_size_ = 0;
  const std::optional<size_t> key = block_.field_key_column();
  field_key_ = key ? ValueOf(row, *key) : std::string_view();
  made_size_ += field_key_.size();
  const size_t cells = std::min(row.cells.size(), block_.cell_count());
  for (size_t i = 0; i < cells; ++i) {
    if (const auto bad = TakeColumn(row, i)) {
      return bad;
    }
  }
  const std::span<const size_t> filled = block_.filled_columns();
  for (auto column = std::ranges::lower_bound(filled, cells); column != filled.end(); ++column) {
    if (const auto bad = TakeColumn(row, *column)) {
      return bad;
    }
  }
  for (size_t i = block_.cell_count(); i < row.cells.size(); ++i) {
    if (!row.cells[i].value.empty()) {
      error.code = LineErrorCode::kTooManyCells;
      error.column = row.cells[i].begin + 1;
      return error;
    }
  }
  if (const auto code = builder_.Build(&point_)) {
    error.code = *code;
    error.column = row.text.size() + 1;
    error.size = builder_.key_size();
    return error;
  }
  return std::nullopt;
}

std::optional<LineError> AnnotatedCsvReader::TakeColumn(const CsvRow& row, size_t column) {
  if (column == block_.field_key_column()) {
    return std::nullopt;
  }
  LineError error;
  const std::string_view value = ValueOf(row, column);
  if (concat_size_ > options_.max_line_size) {
    error.code = LineErrorCode::kLineTooLong;
    error.size = concat_size_;
    error.size_max = options_.max_line_size;
    return error;
  }
  if (value.empty()) {
    return std::nullopt;
  }
  const CsvColumn& of = block_.columns()[column];
  made_size_ += kCsvCellCost + of.label.size() + of.type.parameter.size() + value.size();
  const std::optional<LineErrorCode> code = TakeCell(of, value);
  if (!code) {
    return std::nullopt;
  }
  error.code = *code;
  error.token = value;
  const bool has_cell = column < row.cells.size() && column < block_.cell_count();
  error.column = has_cell ? row.cells[column].begin + 1 : 1;
  return error;
}

std::optional<LineErrorCode> AnnotatedCsvReader::TakeCell(const CsvColumn& column,
                                                          std::string_view value) {
  switch (column.role) {
    case CsvRole::kIgnored:
    case CsvRole::kFieldKey:
      return std::nullopt;
    case CsvRole::kMeasurement:
      builder_.SetMeasurement(value);
      return std::nullopt;
    case CsvRole::kTag:
      builder_.AddTag(column.label, value);
      return std::nullopt;
    case CsvRole::kTime: {
      const std::optional<int64_t> time_ns =
          ParseCsvTime(column.type, value, CsvPrecision(options_), block_.offset_seconds());
      point_.time_ns = time_ns.value_or(point_.time_ns);
      point_.has_time = time_ns.has_value();
      return time_ns ? std::nullopt : std::optional(LineErrorCode::kBadTimestamp);
    }
    case CsvRole::kField:
      return AddCsvField(column.type, column.label, value, &builder_);
    case CsvRole::kFieldValue:
      break;
  }
  const bool has_key = !field_key_.empty();
  return AddCsvField(column.type, has_key ? field_key_ : "value", value, &builder_);
}

std::string_view AnnotatedCsvReader::ValueOf(const CsvRow& row, size_t column) {
  const CsvColumn& of = block_.columns()[column];
  if (of.is_concat) {
    return Concat(row, of.pieces);
  }
  const bool has_cell = column < block_.cell_count() && column < row.cells.size();
  const std::string_view value = has_cell ? row.cells[column].value : std::string_view();
  return value.empty() ? std::string_view(of.default_value) : value;
}

std::string_view AnnotatedCsvReader::Concat(const CsvRow& row,
                                            std::span<const CsvConcatPiece> pieces) {
  concat_.clear();
  for (const CsvConcatPiece& piece : pieces) {
    const std::string_view value = piece.column ? ValueOf(row, *piece.column) : std::string_view();
    concat_size_ += piece.text.size() + value.size();
    made_size_ += kCsvCellCost + piece.text.size() + value.size();
    if (concat_size_ > options_.max_line_size) {
      break;
    }
    concat_.append(piece.text).append(value);
  }
  return concat_;
}

}  // namespace fluxgate::influx
