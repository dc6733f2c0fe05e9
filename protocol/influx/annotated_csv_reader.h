// Reads annotated CSV (`influx query --raw`) and extended annotated CSV (`influx write`), one row,
// which is one point, at a time.
//
// Input: any bytes, in one piece or in several (SetInput). However they are cut, the points are the
// same. A first line `sep=;` names what stands between cells; a byte order mark is passed over.
// Units: times leave in nanoseconds since the epoch.
// Lifetime: a Point and a LineError view the input and the reader's scratch; valid until the next
// Next() or SetInput().
// Errors: a bad row yields kError and reading goes on at the next; so does a bad annotation, whose
// block then goes without it.
// Bounds: as CsvRowReader; a block's annotations and header (AnnotatedCsvBlock), of which constants
// and defaults have at most kSeriesKeySizeMax bytes together; what `#concat`
// makes of one row is at most max_line_size bytes, else the row is an error.
// Thread: compatible.
// Spec: InfluxDB annotated CSV; csv2lp of influx-cli. Difference: `#timezone Local` is an error,
// for the reader's own zone is not the writer's.
#pragma once

#include "protocol/influx/annotated_csv_block.h"
#include "protocol/influx/csv_row_reader.h"
#include "protocol/influx/line_reader.h"
#include "protocol/influx/point.h"
#include "protocol/influx/point_builder.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fluxgate::influx {

// Whether `head`, the start of some text, announces annotated CSV.
bool StartsAnnotatedCsv(std::string_view head);

class AnnotatedCsvReader {
 public:
  using Result = LineReader::Result;

  // Of the options: precision, default_time_ns, strict and max_line_size.
  explicit AnnotatedCsvReader(const ReaderOptions& options);

  // As LineReader::SetDefaultTime.
  void SetDefaultTime(int64_t default_time_ns) { options_.default_time_ns = default_time_ns; }

  // As LineReader::SetInput.
  void SetInput(std::string_view bytes, bool last);

  Result Next();

  const Point& point() const { return point_; }
  const LineError& error() const { return error_; }
  size_t consumed() const { return rows_.consumed(); }

  // The bytes of names and values that rows were made into so far, kCsvCellCost more for each.
  uint64_t made_size() const { return made_size_; }

 private:
  bool TakesSeparator(const CsvRow& row);
  std::optional<LineError> TakeRow(const CsvRow& row, bool* is_point);
  std::optional<LineError> TakePoint(const CsvRow& row);
  std::optional<LineError> TakeColumn(const CsvRow& row, size_t column);
  std::optional<LineErrorCode> TakeCell(const CsvColumn& column, std::string_view value);
  std::string_view ValueOf(const CsvRow& row, size_t column);
  std::string_view Concat(const CsvRow& row, std::span<const CsvConcatPiece> pieces);

  ReaderOptions options_;
  CsvRowReader rows_;
  AnnotatedCsvBlock block_;
  uint64_t made_size_ = 0;
  bool at_start_ = true;
  bool behind_blank_ = false;
  PointBuilder builder_;
  Point point_;
  LineError error_;
  // Of the row being read.
  std::string field_key_;
  std::string concat_;
  size_t concat_size_ = 0;  // of all columns; the row is bad when it is more than max_line_size
};

}  // namespace fluxgate::influx
