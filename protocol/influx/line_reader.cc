#include "protocol/influx/line_reader.h"

#include "protocol/influx/bare_value.h"
#include "protocol/influx/byte_class.h"
#include "protocol/influx/plain_line.h"
#include "protocol/influx/series_key.h"

namespace fluxgate::influx {
namespace {

LineError OverlongError(const Line& line, size_t max_line_size) {
  LineError error;
  error.code = LineErrorCode::kLineTooLong;
  error.column = uint64_t{max_line_size} + 1;
  error.size = line.size;
  error.size_max = max_line_size;
  return error;
}

}  // namespace

LineReader::LineReader(const ReaderOptions& options)
    : options_(options), splitter_(!options.strict, options.max_line_size) {}

void LineReader::SetInput(std::string_view bytes, bool last) {
  splitter_.SetInput(bytes, last);
  input_ = bytes;
  index_.Build(bytes);
}

LineReader::Result LineReader::Next() {
  if (has_rest()) {
    ReadRest();
    return Result::kPoint;
  }
  if (splitter_.IsAtLineStart() && ReadPlainPoint()) {
    return Result::kPoint;
  }
  Line line;
  switch (splitter_.Next(&line)) {
    case LineSplitter::Result::kNeedMore:
      return Result::kNeedMore;
    case LineSplitter::Result::kEnd:
      return Result::kEnd;
    case LineSplitter::Result::kLine:
      break;
  }
  const std::optional<LineError> error =
      line.is_overlong ? OverlongError(line, options_.max_line_size) : ReadPoint(line);
  if (error) {
    field_set_.rest = field_set_.end;
    SetError(*error, line);
    return Result::kError;
  }
  return Result::kPoint;
}

void LineReader::ReadRest() {
  ReadMoreFields(point_.text, options_.fields_max, &field_set_);
  point_.fields = field_set_.fields;
  point_.is_continuation = true;
  point_.leniency = {};
}

// False: the line must be read with care, and nothing was taken.
bool LineReader::ReadPlainPoint() {
  const size_t begin = splitter_.consumed();
  PlainLine line;
  if (!ReadPlainLine(index_, input_, begin, options_.fields_max, &field_set_.fields, &line) ||
      line.end - begin > options_.max_line_size) {
    return false;
  }
  const std::string_view text = input_.substr(begin, line.end - begin);
  LineTime time;
  if (ParseLineTime(text, line.fields_end - begin, options_.precision, !options_.strict, &time)) {
    return false;
  }
  point_ = Point();
  point_.text = text;
  point_.line_number = splitter_.line_number();
  point_.series_key = text.substr(0, line.key_end - begin);
  if (options_.defer_tags) {
    point_.measurement = point_.series_key.substr(0, FindMeasurementEnd(point_.series_key));
  } else if (ParseSeriesKey(point_.series_key, true, &point_.measurement, &tags_)) {
    return false;
  } else {
    point_.tags = tags_;
  }
  point_.fields = field_set_.fields;
  SetTime(time);
  splitter_.PassLine(line.end);
  return true;
}

std::optional<LineError> LineReader::ReadPoint(const Line& line) {
  point_ = Point();
  point_.text = line.text;
  point_.line_number = line.number;
  point_.indent = line.indent;
  point_.leniency.carriage_return = line.has_carriage_return;
  const size_t key_end = FindSeriesKeyEnd(line.text);
  point_.series_key = line.text.substr(0, key_end);
  const bool line_continues = key_end < line.text.size();
  if (options_.defer_tags && line_continues) {
    point_.measurement = point_.series_key.substr(0, FindMeasurementEnd(point_.series_key));
    std::optional<LineError> error = ReadFieldsAndTime(line.text);
    if (!error) {
      return std::nullopt;
    }
    // A bad key comes first, as it does when the tags are not deferred.
    const std::optional<LineError> key_error =
        ParseSeriesKey(point_.series_key, line_continues, &point_.measurement, &tags_);
    return key_error ? key_error : error;
  }
  if (std::optional<LineError> error =
          ParseSeriesKey(point_.series_key, line_continues, &point_.measurement, &tags_)) {
    return error;
  }
  point_.tags = tags_;
  return ReadFieldsAndTime(line.text);
}

std::optional<LineError> LineReader::ReadFieldsAndTime(std::string_view text) {
  const size_t key_size = point_.series_key.size();
  const size_t begin = SkipBlanks(text, key_size);
  LineTime time;
  std::optional<LineError> error =
      ParseFieldSet(text, begin, key_size, options_.fields_max, &field_set_);
  if (!error) {
    error = ParseLineTime(text, field_set_.end, options_.precision, !options_.strict, &time);
  } else if (error->code == LineErrorCode::kInvalidFieldFormat && !options_.strict &&
             ReadBareValue(text, begin, &time)) {
    error.reset();
  }
  if (error) {
    return error;
  }
  point_.fields = field_set_.fields;
  SetTime(time);
  return std::nullopt;
}

bool LineReader::ReadBareValue(std::string_view text, size_t begin, LineTime* time) {
  Field field;
  size_t end = 0;
  if (!ParseBareValue(text, begin, point_.series_key.size(), &field, &end) ||
      ParseLineTime(text, end, options_.precision, true, time)) {
    return false;
  }
  field_set_.fields.assign(1, field);
  field_set_.rest = field_set_.end;
  point_.leniency.bare_value = true;
  return true;
}

void LineReader::SetTime(const LineTime& time) {
  point_.has_time = time.is_given;
  point_.leniency.detected_precision = time.detected_precision;
  if (time.is_given) {
    point_.time_ns = time.time_ns;
  } else {
    point_.time_ns = options_.strict ? TruncateTime(options_.default_time_ns, options_.precision)
                                     : options_.default_time_ns;
  }
}

// `error` has what the line's parts know; columns count from behind the blanks there.
void LineReader::SetError(const LineError& error, const Line& line) {
  error_ = error;
  error_.line_number = line.number;
  error_.column += line.indent;
  error_.text = line.text;
}

}  // namespace fluxgate::influx
