// What InfluxDB 1.x and other parsers make of several thousand inputs, and what LineReader does in
// strict mode. Where they differ, the difference has a name and covers an exact number of inputs.
#include "protocol/influx/line_reader.h"
#include "protocol/influx/precision.h"

#include "tests/protocol/influx/corpus.h"
#include "tests/reference/reference_utf8.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <map>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate::influx {
namespace {

namespace json = boost::json;

// What a corpus says of one input.
struct Row {
  std::string id;
  std::string input;
  std::string precision;
  int64_t default_time_ns = 0;
  bool ok = false;
  bool has_points = false;  // else has_count, or nothing is said of them
  bool has_count = false;
  std::vector<PlainPoint> points;
  size_t point_count = 0;
  std::string error;         // the whole message
  std::string error_suffix;  // or only its end; neither where the texts are another parser's
};

struct Difference {
  std::string name;
  size_t count;  // of the inputs that differ from the row and meet the predicate
  std::function<bool(const Row&, const ReadResult&)> covers;
};

bool Matches(const Row& row, const ReadResult& result) {
  const std::string error = result.JoinedMessages();
  const bool is_suffix = error.size() >= row.error_suffix.size() &&
                         error.substr(error.size() - row.error_suffix.size()) == row.error_suffix;
  return row.ok == error.empty() && (row.error.empty() || row.error == error) && is_suffix &&
         (!row.has_points || row.points == result.points) &&
         (!row.has_count || row.point_count == result.points.size());
}

void Check(const std::vector<Row>& rows, const std::vector<Difference>& differences) {
  std::map<std::string, size_t> counts;
  for (const Row& row : rows) {
    ReaderOptions options;
    options.strict = true;
    options.default_time_ns = row.default_time_ns;
    // InfluxDB 1.x takes a name that it does not know for nanoseconds; here it is refused earlier.
    options.precision = ParsePrecision(row.precision).value_or(Precision::kNanosecond);
    const ReadResult result = ReadInput(options, row.input);
    if (Matches(row, result)) {
      continue;
    }
    bool is_covered = false;
    for (const Difference& difference : differences) {
      if (!is_covered && difference.covers(row, result)) {
        ++counts[difference.name];
        is_covered = true;
      }
    }
    EXPECT_TRUE(is_covered) << row.id << ": " << testing::PrintToString(row.input)
                            << "\nexpected: " << testing::PrintToString(row.points) << row.error
                            << row.error_suffix
                            << "\nactual: " << testing::PrintToString(result.points)
                            << result.JoinedMessages();
  }
  for (const Difference& difference : differences) {
    EXPECT_EQ(counts[difference.name], difference.count) << difference.name;
  }
}

bool Finds(const std::string& text, const char* pattern) {
  return std::regex_search(text, std::regex(pattern));
}

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// The differences from InfluxDB 1.x that README.md lists under "Line protocol".
bool IsUnsigned(const Row& row, const ReadResult&) {
  return EndsWith(row.error, "invalid number") && Finds(row.input, "=[0-9]+u");
}

bool HasTextBehindQuote(const Row& row, const ReadResult& result) {
  return EndsWith(result.JoinedMessages(), "invalid field format") &&
         Finds(row.input, "=\"[^\"]*\"[^ ,]");
}

bool IsQuoteInComment(const Row& row, const ReadResult& result) {
  return row.ok && result.errors.empty() && result.points.size() > row.points.size() &&
         Finds(row.input, "^#.*=\"");
}

bool IsMicrosecondSpelling(const Row& row, const ReadResult&) {
  return row.precision == "us";
}

std::vector<Difference> V1Differences(size_t uint_rows, size_t quote_rows, size_t comment_rows,
                                      size_t precision_rows) {
  return {{"unsigned integers are always accepted", uint_rows, IsUnsigned},
          {"text behind a closing quote is rejected", quote_rows, HasTextBehindQuote},
          {"a comment ends at its line", comment_rows, IsQuoteInComment},
          {"precision us is microseconds", precision_rows, IsMicrosecondSpelling}};
}

void SetOutcome(const json::object& outcome, Row* row) {
  row->ok = outcome.at("ok").as_bool();
  row->error = Text(outcome, "error");
  row->error_suffix = Text(outcome, "error_suffix");
  if (row->error.substr(0, 3) == "...") {
    row->error_suffix = row->error.substr(3);
    row->error.clear();
  }
  if (const json::value* points = outcome.if_contains("points")) {
    row->has_points = true;
    row->points = PointsOf(points->as_array());
  } else if (const json::value* count = outcome.if_contains("points_count")) {
    row->has_count = true;
    row->point_count = static_cast<size_t>(count->as_int64());
  }
}

std::vector<Row> ReadV1Rows(const std::string& path) {
  std::vector<Row> rows;
  for (const json::object& source : ReadJsonLines(path)) {
    Row& row = rows.emplace_back();
    row.id = Text(source, "id");
    row.input = InputOf(source);
    row.precision = Text(source, "precision");
    row.default_time_ns = std::stoll(Text(source, "default_ns"));
    SetOutcome(source, &row);
  }
  return rows;
}

TEST(Conformance, V1Edge) {
  const std::vector<Row> rows = ReadV1Rows(CorpusPath("v1_points_edge.jsonl"));
  EXPECT_EQ(rows.size(), 200);
  Check(rows, V1Differences(2, 2, 1, 2));
}

TEST(Conformance, ParserMatrix) {
  std::vector<Row> rows;
  for (const json::object& source : ReadJsonLines(CorpusPath("parser_matrix.jsonl"))) {
    Row& row = rows.emplace_back();
    row.id = Text(source, "id");
    row.input = InputOf(source);
    row.precision = Text(source, "precision");
    row.default_time_ns = 1'700'000'000'123'456'789;
    SetOutcome(source.at("v1").as_object(), &row);
  }
  EXPECT_EQ(rows.size(), 197);
  Check(rows, V1Differences(2, 2, 1, 2));
}

TEST(Conformance, V1Upstream) {
  const std::string path = SharedCorpusPath("v1_points_upstream.jsonl");
  if (!std::filesystem::exists(path)) {
    GTEST_SKIP() << "needs " << path << " (set FLUXGATE_SHARED_CORPUS to its folder)";
  }
  const std::vector<Row> rows = ReadV1Rows(path);
  EXPECT_EQ(rows.size(), 204);
  Check(rows, V1Differences(6, 2, 0, 0));
}

bool HasOddBytes(const Row& row, const ReadResult& result) {
  return !row.ok && result.errors.empty() &&
         (Finds(row.input, "[\\x00-\\x09\\x0b-\\x1f\\x7f]") || !reference::IsWellFormed(row.input));
}

bool HasCarriageReturn(const Row& row, const ReadResult& result) {
  return row.ok && !result.errors.empty() && row.input.find('\r') != std::string::npos;
}

bool HasLetterEscape(const Row& row, const ReadResult& result) {
  return row.ok && result.errors.empty() && Finds(row.input, "=\"\\\\[nrt]\"");
}

bool IsNegativeZero(const Row& row, const ReadResult& result) {
  return row.ok && result.errors.empty() && Finds(row.input, "=-0(\\.|e-4)$");
}

// Where InfluxDB 1.x finds other keys in its second pass over a field set than in its first.
bool IsAmbiguousKey(const Row& row, const ReadResult& result) {
  return row.ok && result.JoinedMessages().find("invalid value: field-key=") != std::string::npos &&
         Finds(row.input, "\\\\\\\\=");
}

bool HasStrayComma(const Row& row, const ReadResult& result) {
  return row.ok && EndsWith(result.JoinedMessages(), "invalid field format") &&
         Finds(row.input, "^[^ ]+ ,");
}

bool IsBlankKey(const Row& row, const ReadResult& result) {
  return row.ok && EndsWith(result.JoinedMessages(), "missing field key") &&
         Finds(row.input, " \t=");
}

class LineProtocolCorpus : public testing::Test {
 protected:
  // `parser`: whose verdicts the rows get, where they differ from the corpus' own.
  static std::vector<Row> ReadRows(std::string_view parser) {
    std::vector<Row> rows;
    const json::value corpus = ReadJson(Path());
    for (const json::value& value : corpus.at("decode").as_array()) {
      const json::object& source = value.as_object();
      Row& row = rows.emplace_back();
      row.id = Text(source, "key");
      row.input = InputOf(source);
      row.precision = Text(source, "precision");
      row.default_time_ns = std::stoll(Text(source, "default_ns"));
      row.ok = source.at("ok").as_bool();
      const json::value* points = source.if_contains("points");
      if (const json::value* others = source.if_contains("other_parsers")) {
        const std::string verdict = Text(others->as_object(), parser);
        row.ok = verdict == "accepts" || (row.ok && verdict != "rejects");
        points = verdict == "differs" ? &others->at("v1_points") : points;
      }
      row.has_points = row.ok && points != nullptr;
      if (row.has_points) {
        row.points = PointsOf(points->as_array());
      }
    }
    EXPECT_EQ(rows.size(), 6615);
    return rows;
  }

  static std::string Path() { return SharedCorpusPath("lineprotocol_corpus.json"); }

  void SetUp() override {
    if (!std::filesystem::exists(Path())) {
      GTEST_SKIP() << "needs " << Path() << " (set FLUXGATE_SHARED_CORPUS to its folder)";
    }
  }
};

TEST_F(LineProtocolCorpus, AgreesWithItsAuthors) {
  Check(ReadRows("none"),
        {{"control bytes and bytes that are not UTF-8 are accepted", 64, HasOddBytes},
         {"a carriage return is an ordinary byte", 4, HasCarriageReturn},
         {"\\n, \\r and \\t are two bytes each", 3, HasLetterEscape},
         {"-0 keeps its sign", 2, IsNegativeZero}});
}

TEST_F(LineProtocolCorpus, AgreesWithV1) {
  Check(ReadRows("v1"), {{"a key that is read in two ways is rejected", 13, IsAmbiguousKey},
                         {"text behind a closing quote is rejected", 7, HasTextBehindQuote},
                         {"a comma in a field key is rejected", 1, HasStrayComma},
                         {"a blank is no field key", 2, IsBlankKey}});
}

}  // namespace
}  // namespace fluxgate::influx
