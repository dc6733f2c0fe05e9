#include "tests/protocol/influx/corpus.h"

#include "protocol/influx/escape.h"

#include "tests/reference/line_outcome.h"

#include <absl/strings/escaping.h>
#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace fluxgate::influx {
namespace {

namespace json = boost::json;

std::string Decoded(const std::string& base64) {
  std::string bytes;
  EXPECT_TRUE(absl::Base64Unescape(base64, &bytes)) << base64;
  return bytes;
}

// Texts, numbers and truth values as text, whatever JSON makes of them.
std::string TextOf(const json::value& value) {
  switch (value.kind()) {
    case json::kind::string:
      return std::string(value.get_string());
    case json::kind::object:
      return Decoded(TextOf(value.at("b64")));
    case json::kind::int64:
      return std::to_string(value.get_int64());
    case json::kind::uint64:
      return std::to_string(value.get_uint64());
    case json::kind::bool_:
      return value.get_bool() ? "true" : "false";
    default:
      ADD_FAILURE() << "no text in a corpus row";
      return "";
  }
}

std::string FieldText(const std::string& type, const std::string& value) {
  const bool is_float = type == "float";
  return type + ':' +
         (is_float ? reference::FloatText(std::strtod(value.c_str(), nullptr)) : value);
}

std::pair<std::string, std::string> FieldOf(const json::value& field) {
  if (field.is_array()) {
    const json::array& parts = field.get_array();
    return {TextOf(parts.at(0)), FieldText(TextOf(parts.at(1)), TextOf(parts.at(2)))};
  }
  return {TextOf(field.at("k")), FieldText(TextOf(field.at("t")), TextOf(field.at("v")))};
}

std::pair<std::string, std::string> FieldOf(const Field& field) {
  std::string scratch;
  const std::string key(UnescapeFieldKey(field.key, &scratch));
  switch (field.type) {
    case FieldType::kFloat:
      return {key, "float:" + reference::FloatText(field.float_value)};
    case FieldType::kInt:
      return {key, "int:" + std::to_string(field.int_value)};
    case FieldType::kUint:
      return {key, "uint:" + std::to_string(field.uint_value)};
    case FieldType::kBool:
      return {key, std::string("bool:") + (field.bool_value ? "true" : "false")};
    case FieldType::kString:
      break;
  }
  return {key, "string:" + std::string(UnescapeString(field.string_value, &scratch))};
}

// Puts quotes around the numbers behind `"v":`. Boost.JSON does not read every float exactly.
std::string WithTextValues(const std::string& text) {
  static constexpr std::string_view kMember = "\"v\": ";
  std::string result;
  size_t begin = 0;
  for (size_t at = text.find(kMember); at != std::string::npos; at = text.find(kMember, begin)) {
    const size_t value = at + kMember.size();
    const size_t end = text.find_first_not_of("+-.0123456789e", value);
    const std::string_view quote = end > value ? "\"" : "";
    result.append(text, begin, value - begin).append(quote);
    result.append(text, value, end - value).append(quote);
    begin = end;
  }
  return result.append(text, begin);
}

std::string FileText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const PlainPoint& point) {
  out << absl::CHexEscape(point.name);
  for (const auto& [key, value] : point.tags) {
    out << ',' << absl::CHexEscape(key) << '=' << absl::CHexEscape(value);
  }
  for (const auto& [key, value] : point.fields) {
    out << ' ' << absl::CHexEscape(key) << '=' << absl::CHexEscape(value);
  }
  return out << ' ' << point.time_ns;
}

std::string CorpusPath(std::string_view name) {
  return std::string(FLUXGATE_SOURCE_DIR) + "/tests/corpus/" + std::string(name);
}

std::string SharedCorpusPath(std::string_view name) {
  const char* folder = std::getenv("FLUXGATE_SHARED_CORPUS");
  return (folder != nullptr ? std::string(folder)
                            : std::string(FLUXGATE_SOURCE_DIR) + "/../shared/corpus") +
         "/" + std::string(name);
}

json::value ReadJson(const std::string& path) {
  return json::parse(WithTextValues(FileText(path)));
}

std::vector<json::object> ReadJsonLines(const std::string& path) {
  std::vector<json::object> rows;
  std::istringstream lines(FileText(path));
  for (std::string line; std::getline(lines, line);) {
    rows.push_back(json::parse(line).as_object());
  }
  EXPECT_FALSE(rows.empty()) << path;
  return rows;
}

std::string Text(const json::object& row, std::string_view key) {
  const json::value* value = row.if_contains({key.data(), key.size()});
  return value == nullptr ? "" : TextOf(*value);
}

std::string InputOf(const json::object& row) {
  if (row.contains("input_b64")) {
    return Decoded(Text(row, "input_b64"));
  }
  if (!row.contains("input_parts")) {
    return Text(row, "input");
  }
  std::string input;
  for (const json::value& part : row.at("input_parts").as_array()) {
    const bool is_repeated = part.is_array();
    const std::string text = TextOf(is_repeated ? part.at(0) : part);
    for (int64_t i = is_repeated ? part.at(1).as_int64() : 1; i > 0; --i) {
      input += text;
    }
  }
  return input;
}

std::vector<PlainPoint> PointsOf(const json::array& points) {
  std::vector<PlainPoint> result;
  for (const json::value& value : points) {
    const json::object& point = value.as_object();
    PlainPoint& plain = result.emplace_back();
    plain.name = Text(point, "name");
    for (const json::value& tag : point.at("tags").as_array()) {
      plain.tags.emplace_back(TextOf(tag.at(0)), TextOf(tag.at(1)));
    }
    for (const json::value& field : point.at("fields").as_array()) {
      plain.fields.insert(FieldOf(field));
    }
    plain.time_ns = Text(point, point.contains("time_ns") ? "time_ns" : "time");
  }
  return result;
}

PlainPoint PlainPointOf(const Point& point) {
  PlainPoint plain;
  std::string scratch;
  plain.name = UnescapeMeasurement(point.measurement, &scratch);
  for (const Tag& tag : point.tags) {
    std::string key(UnescapeTag(tag.key, &scratch));
    plain.tags.emplace_back(std::move(key), UnescapeTag(tag.value, &scratch));
  }
  for (const Field& field : point.fields) {
    const auto [key, value] = FieldOf(field);
    plain.fields[key] = value;
  }
  plain.time_ns = std::to_string(point.time_ns);
  return plain;
}

std::string ReadResult::JoinedMessages() const {
  std::string joined;
  for (const std::string& message : messages) {
    joined += (joined.empty() ? "" : "\n") + message;
  }
  return joined;
}

ReadResult ReadInput(const ReaderOptions& options, const std::string& input) {
  ReadResult result;
  LineReader reader(options);
  reader.SetInput(input, true);
  while (true) {
    switch (reader.Next()) {
      case LineReader::Result::kPoint:
        result.points.push_back(PlainPointOf(reader.point()));
        result.leniencies.push_back(reader.point().leniency);
        result.point_lines.push_back(reader.point().line_number);
        break;
      case LineReader::Result::kError:
        result.messages.push_back(Message(reader.error()));
        result.errors.push_back(reader.error());
        result.errors.back().token = {};
        result.errors.back().text = {};
        break;
      case LineReader::Result::kNothing:
      case LineReader::Result::kNeedMore:
        ADD_FAILURE() << "the whole input was given";
        return result;
      case LineReader::Result::kEnd:
        return result;
    }
  }
}

}  // namespace fluxgate::influx
