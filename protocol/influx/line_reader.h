// Reads InfluxDB line protocol, one line at a time.
//
// Input: any bytes, given in one piece or in several (SetInput); need not be UTF-8 nor end in LF.
// Units: times leave in nanoseconds since the epoch.
// Lifetime: a Point and a LineError view the input and the reader's scratch; valid until the next
// Next() or SetInput().
// Errors: a bad line yields kError and reading goes on at the next line; no input stops the reader.
// Bounds: a few passes; no allocation for good lines but for the growth of the reader's own reused
// vectors (fields up to fields_max, two bits for each byte of input); of a line longer than
// max_line_size nothing is kept but its first 64 bytes, and it yields kError(kLineTooLong) once its
// end was found.
// Thread: compatible (one reader per thread).
// Spec: InfluxDB 1.x models.ParsePointsWithPrecision, with the differences that README.md lists
// under "Line protocol".
#pragma once

#include "protocol/influx/delimiter_index.h"
#include "protocol/influx/field_set.h"
#include "protocol/influx/line_error.h"
#include "protocol/influx/line_splitter.h"
#include "protocol/influx/line_time.h"
#include "protocol/influx/point.h"
#include "protocol/influx/precision.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate::influx {

struct ReaderOptions {
  Precision precision = Precision::kUnspecified;
  // The time of lines that have none; truncated to the precision in strict mode only.
  int64_t default_time_ns = 0;
  bool strict = false;  // no CR at line ends, no bare values, no detected precision
  // Only find the end of the series key; the caller checks it (ParseSeriesKey).
  bool defer_tags = false;
  size_t max_line_size = size_t{1} << 20;  // bytes, leading blanks and line end not counted
  // Fields of one point, at least 1. A line with more is checked as a whole, then yields several
  // points (Point::is_continuation), so that memory does not follow its length.
  size_t fields_max = std::numeric_limits<size_t>::max();
};

class LineReader {
 public:
  enum class Result {
    kPoint,     // point() is the next point
    kError,     // error() tells what was wrong with the next line
    kNeedMore,  // the rest of the input is the start of a line: see consumed()
    kEnd,       // all input was read, and it was the last
    kNothing,   // of other readers: a line was read that is no point; Next() goes on
  };

  explicit LineReader(const ReaderOptions& options);

  // Gives the next input. `last`: nothing follows, so an unfinished line is a line. After
  // kNeedMore, `bytes` must begin with the bytes of the previous input from consumed() on. Line
  // numbers count on from input to input.
  void SetInput(std::string_view bytes, bool last);

  // The time of the lines to come that have none of their own.
  void SetDefaultTime(int64_t default_time_ns) { options_.default_time_ns = default_time_ns; }

  // Reads up to the next point or bad line. Blank lines and comments are passed over.
  Result Next();

  const Point& point() const { return point_; }
  const LineError& error() const { return error_; }

  // Bytes of the current input that need not be given again.
  size_t consumed() const { return splitter_.consumed(); }

  // Of the next line, as long as nothing of it was read.
  uint64_t line_number() const { return splitter_.line_number(); }

  // Whether the last point's line has more points to come (fields_max).
  bool has_rest() const { return field_set_.rest < field_set_.end; }

  // Between two lines: passes over the input up to `end`, which holds so many line feeds.
  void Pass(size_t end, uint64_t line_feeds) { splitter_.Pass(end, line_feeds); }

 private:
  bool ReadPlainPoint();
  std::optional<LineError> ReadPoint(const Line& line);
  std::optional<LineError> ReadFieldsAndTime(std::string_view text);
  bool ReadBareValue(std::string_view text, size_t begin, LineTime* time);
  void ReadRest();
  void SetTime(const LineTime& time);
  void SetError(const LineError& error, const Line& line);

  ReaderOptions options_;
  LineSplitter splitter_;
  std::string_view input_;
  DelimiterIndex index_;  // of input_
  Point point_;
  LineError error_;
  std::vector<Tag> tags_;
  FieldSet field_set_;
};

}  // namespace fluxgate::influx
