// Reads the rows of the line-protocol corpora: an input, and the points and errors it gives.
//
// Encodings: a string that is not UTF-8 stands in the files as {"b64": "..."}; an input is `input`,
// `input_b64` or `input_parts` (texts and [text, repeat count]). Here they are bytes.
// Errors: a file that cannot be read, or does not hold what it should, fails the running test.
// Thread: compatible.
#pragma once

#include "protocol/influx/line_reader.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <map>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fluxgate::influx {

// A point in the terms that all parsers share: names and strings without escapes, values as text
// (floats in their shortest form), of each field the last value.
struct PlainPoint {
  std::string name;
  std::vector<std::pair<std::string, std::string>> tags;
  std::map<std::string, std::string> fields;  // key -> `type:value`
  std::string time_ns;

  bool operator==(const PlainPoint&) const = default;
};

std::ostream& operator<<(std::ostream& out, const PlainPoint& point);

// Where the copied corpora are, and where those are that are only read where they exist: the folder
// that FLUXGATE_SHARED_CORPUS names, or shared/corpus beside the repository.
std::string CorpusPath(std::string_view name);
std::string SharedCorpusPath(std::string_view name);

boost::json::value ReadJson(const std::string& path);
std::vector<boost::json::object> ReadJsonLines(const std::string& path);

// The member as text, or "" without one.
std::string Text(const boost::json::object& row, std::string_view key);
std::string InputOf(const boost::json::object& row);

// Of `points` in any of the corpora's three spellings.
std::vector<PlainPoint> PointsOf(const boost::json::array& points);
PlainPoint PlainPointOf(const Point& point);

// What LineReader makes of an input, the points and the errors each in order.
struct ReadResult {
  std::vector<PlainPoint> points;
  std::vector<LineError> errors;      // their views are gone
  std::vector<std::string> messages;  // of the errors
  std::vector<Leniency> leniencies;   // of the points
  std::vector<uint64_t> point_lines;  // their line numbers

  std::string JoinedMessages() const;
};

ReadResult ReadInput(const ReaderOptions& options, const std::string& input);

}  // namespace fluxgate::influx
