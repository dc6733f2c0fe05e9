// Reads text with one of the readers of points and writes what came out as text.
//
// Thread: compatible.
#pragma once

#include "protocol/influx/line_error.h"
#include "protocol/influx/line_reader.h"
#include "protocol/influx/point.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate::influx {

inline std::string FieldText(const Field& field) {
  switch (field.type) {
    case FieldType::kInt:
      return std::to_string(field.int_value) + "i";
    case FieldType::kUint:
      return std::to_string(field.uint_value) + "u";
    case FieldType::kBool:
      return field.bool_value ? "true" : "false";
    case FieldType::kString:
      return "\"" + std::string(field.string_value) + "\"";
    case FieldType::kFloat:
      break;
  }
  std::string text = std::to_string(field.float_value);
  text.erase(text.find_last_not_of('0') + 1);
  return text.ends_with('.') ? text.substr(0, text.size() - 1) : text;
}

// `line number: series key field=value,... time`.
inline std::string PointText(const Point& point) {
  std::string text = std::to_string(point.line_number) + ": " + std::string(point.series_key);
  char separator = ' ';
  for (const Field& field : point.fields) {
    text += separator + std::string(field.key) + "=" + FieldText(field);
    separator = ',';
  }
  return text + (point.has_time ? " " + std::to_string(point.time_ns) : "") + "\n";
}

inline std::string ErrorText(const LineError& error) {
  return std::to_string(error.line_number) + "," + std::to_string(error.column) + ": !" +
         Reason(error) + "\n";
}

// `extra` is asked for a prefix of each point's line. Ends the program when the reader leaves more
// than `unread_max` bytes unread.
template <typename Reader>
std::string ReadText(Reader* reader, std::string_view input, const std::vector<size_t>& cuts,
                     const std::function<std::string(const Reader&)>& extra = {},
                     size_t unread_max = SIZE_MAX) {
  std::string out;
  std::string unread;
  size_t begin = 0;
  for (size_t i = 0; i <= cuts.size(); ++i) {
    const size_t end = i < cuts.size() ? cuts[i] : input.size();
    unread.append(input.substr(begin, end - begin));
    begin = end;
    reader->SetInput(unread, i == cuts.size());
    for (;;) {
      const LineReader::Result result = reader->Next();
      if (result == LineReader::Result::kPoint) {
        out += (extra ? extra(*reader) : "") + PointText(reader->point());
      } else if (result == LineReader::Result::kError) {
        out += ErrorText(reader->error());
      } else if (result != LineReader::Result::kNothing) {
        break;
      }
    }
    unread.erase(0, reader->consumed());
    if (unread.size() > unread_max) {
      std::abort();
    }
  }
  return out;
}

}  // namespace fluxgate::influx
