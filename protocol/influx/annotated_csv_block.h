// What the annotations and the header of annotated CSV say about the rows below them.
//
// Lifetime: copies what it keeps.
// Errors: a LineError whose `code`, `column` and `token` are set; `token` views the row.
// Bounds: memory follows the size of the annotation and header rows, which the caller limits.
// Constants and columns with a default, which each row may repeat, are kFilledMax of
// filled_size_max bytes together, in them kLabelsMax `${label}`. More are errors; the header then
// goes without these defaults. Thread: compatible. Spec: InfluxDB annotated CSV (`#group`,
// `#datatype`, `#default`); csv2lp of influx-cli
// (`#constant`, `#concat`, `#timezone`, `name|type|default` in the header).
#pragma once

#include "protocol/influx/csv_column_type.h"
#include "protocol/influx/csv_row_reader.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace fluxgate::influx {

// What a column's cells are to a point.
enum class CsvRole : uint8_t {
  kIgnored,
  kMeasurement,
  kTag,
  kTime,
  kField,
  kFieldKey,    // `_field`: the key of what `_value` holds
  kFieldValue,  // `_value`
};

// A text, then what another column's cell holds.
struct CsvConcatPiece {
  std::string text;
  std::optional<size_t> column;
};

// The work that a cell takes besides its bytes, in bytes.
inline constexpr size_t kCsvCellCost = 8;

struct CsvColumn {
  std::string label;
  CsvType type;
  CsvRole role = CsvRole::kIgnored;
  std::string default_value;           // of an empty cell; the value of a constant
  bool is_concat = false;              // the default value is a pattern: `${label} ${label}`
  std::vector<CsvConcatPiece> pieces;  // of that pattern
};

class AnnotatedCsvBlock {
 public:
  static constexpr size_t kFilledMax = 1024;
  static constexpr size_t kLabelsMax = 1024;

  explicit AnnotatedCsvBlock(size_t filled_size_max) : filled_size_max_(filled_size_max) {}

  void Clear();

  // Takes a row that begins with `#`. One that is no annotation is a comment.
  std::optional<LineError> TakeAnnotation(const CsvRow& row);

  // Takes the row of the names.
  std::optional<LineError> TakeHeader(const CsvRow& row);

  bool has_header() const { return has_header_; }

  // Whether a row behind an empty one names columns again.
  static bool LooksLikeHeader(const CsvRow& row);

  // By cell; then the columns that have none.
  std::span<const CsvColumn> columns() const { return columns_; }
  size_t cell_count() const { return cell_count_; }
  // The bytes of names and values that the header made.
  size_t made_size() const { return made_size_; }
  // The columns that a row may lack and yet have a value, in order.
  std::span<const size_t> filled_columns() const { return filled_columns_; }
  std::optional<size_t> field_key_column() const { return field_key_column_; }
  int32_t offset_seconds() const { return offset_seconds_; }

 private:
  std::optional<LineError> TakeTypes(const CsvRow& row, std::span<const std::string_view> values);
  std::optional<LineError> AddConstant(std::span<const std::string_view> values, bool is_concat);
  std::optional<LineError> AddColumn(const CsvCell& cell, size_t index);
  std::optional<LineError> LimitDefaults(const CsvRow& row);
  void SetRoles(const CsvRow& row);
  using ColumnsByLabel = std::unordered_map<std::string_view, size_t>;
  static std::vector<CsvConcatPiece> ReadPattern(std::string_view pattern,
                                                 const ColumnsByLabel& columns);
  void FindFilledColumns();
  CsvRole RoleOf(const CsvColumn& column, bool is_group) const;

  size_t filled_size_max_;
  bool has_header_ = false;
  std::vector<CsvType> types_;
  std::vector<bool> groups_;
  std::vector<std::string> defaults_;
  std::vector<CsvColumn> constants_;
  size_t constants_size_ = 0;
  size_t label_count_ = 0;
  int32_t offset_seconds_ = 0;
  std::vector<CsvColumn> columns_;
  size_t cell_count_ = 0;
  size_t made_size_ = 0;
  std::vector<size_t> filled_columns_;
  std::optional<size_t> field_key_column_;
  bool is_query_result_ = false;  // has the columns of a query's result
  bool has_field_keys_ = false;   // `_field`: one value a row
};

}  // namespace fluxgate::influx
