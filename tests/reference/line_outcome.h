// What became of one line, as values that own their text, so that two readers can be compared.
//
// Encodings: names and strings are raw; numbers are text (floats in the shortest form that reads
// back as the same double).
// Thread: compatible.
#pragma once

#include "protocol/influx/line_reader.h"

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fluxgate::reference {

struct FieldOutcome {
  std::string key;
  influx::FieldType type = influx::FieldType::kFloat;
  std::string value;

  bool operator==(const FieldOutcome&) const = default;
};

struct LineOutcome {
  bool ok = false;
  uint64_t line_number = 0;
  // Of a bad line.
  uint64_t column = 0;
  std::string message;
  // Of a point.
  std::string text;
  std::string series_key;
  std::string measurement;
  std::vector<std::pair<std::string, std::string>> tags;
  std::vector<FieldOutcome> fields;
  int64_t time_ns = 0;
  bool has_time = false;
  bool carriage_return = false;
  bool bare_value = false;
  bool detected_precision = false;

  bool operator==(const LineOutcome&) const = default;
};

std::ostream& operator<<(std::ostream& out, const LineOutcome& outcome);

std::string FloatText(double value);

LineOutcome OutcomeOf(const influx::Point& point);
LineOutcome OutcomeOf(const influx::LineError& error);

// Reads `bytes` with LineReader, given in pieces that end at `cuts` (ascending offsets), the way a
// caller that keeps only what is not consumed does. A line of many fields is one outcome, however
// many points it came in.
std::vector<LineOutcome> ReadLines(const influx::ReaderOptions& options, std::string_view bytes,
                                   const std::vector<size_t>& cuts = {});

}  // namespace fluxgate::reference
