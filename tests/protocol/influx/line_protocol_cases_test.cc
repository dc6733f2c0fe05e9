// Cases of our own, most of them about the default mode: what was read, with line numbers, columns
// and what was let pass.
#include "protocol/influx/line_reader.h"

#include "tests/protocol/influx/corpus.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate::influx {
namespace {

namespace json = boost::json;

constexpr int64_t kDefaultTime = 1'700'000'000'123'456'789;

ReaderOptions OptionsOf(const json::object& row) {
  ReaderOptions options;
  options.default_time_ns = kDefaultTime;
  options.strict = row.contains("strict");
  options.precision = ParsePrecision(Text(row, "precision")).value();
  if (row.contains("max_line_size")) {
    options.max_line_size = std::stoul(Text(row, "max_line_size"));
  }
  return options;
}

std::set<std::string> NamesOf(const Leniency& leniency) {
  std::set<std::string> names;
  if (leniency.carriage_return) {
    names.insert("carriage_return");
  }
  if (leniency.bare_value) {
    names.insert("bare_value");
  }
  if (leniency.detected_precision) {
    names.insert("detected_precision");
  }
  return names;
}

std::set<std::string> ExpectedLeniency(const json::object& point) {
  std::set<std::string> names;
  if (const json::value* leniency = point.if_contains("leniency")) {
    for (const json::value& name : leniency->as_array()) {
      names.emplace(name.as_string());
    }
  }
  return names;
}

void CheckRow(const json::object& row) {
  const ReadResult result = ReadInput(OptionsOf(row), InputOf(row));
  const json::array& points = row.at("points").as_array();
  const json::array& errors = row.at("errors").as_array();
  EXPECT_EQ(result.points, PointsOf(points)) << result.JoinedMessages();
  ASSERT_EQ(result.errors.size(), errors.size()) << result.JoinedMessages();
  for (size_t i = 0; i < errors.size(); ++i) {
    const json::object& error = errors[i].as_object();
    EXPECT_EQ(std::to_string(result.errors[i].line_number), Text(error, "line"));
    EXPECT_EQ(std::to_string(result.errors[i].column), Text(error, "column"));
    EXPECT_EQ(result.messages[i], Text(error, "message"));
  }
  ASSERT_EQ(result.points.size(), points.size());
  for (size_t i = 0; i < points.size(); ++i) {
    const json::object& point = points[i].as_object();
    EXPECT_EQ(std::to_string(result.point_lines[i]), Text(point, "line"));
    EXPECT_EQ(NamesOf(result.leniencies[i]), ExpectedLeniency(point));
  }
}

TEST(LineProtocolCases, AllRows) {
  const std::vector<json::object> rows = ReadJsonLines(CorpusPath("line_protocol_cases.jsonl"));
  EXPECT_GE(rows.size(), 60);
  for (const json::object& row : rows) {
    SCOPED_TRACE(Text(row, "id"));
    CheckRow(row);
  }
}

}  // namespace
}  // namespace fluxgate::influx
