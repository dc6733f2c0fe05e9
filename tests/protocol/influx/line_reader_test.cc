#include "protocol/influx/line_reader.h"

#include "protocol/influx/series_key.h"

#include "tests/reference/line_outcome.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate::influx {
namespace {

using reference::LineOutcome;
using reference::OutcomeOf;
using reference::ReadLines;

// Something of everything, good and bad.
const std::vector<std::string>& Bodies() {
  static const std::vector<std::string> bodies = {
      "cpu,host=a,az=b usage=1.5,n=3i 1656472338\nmem v=t\n",
      "a v=\"x\n\\\"y\n\"\r\n\r\nb\n \t c,d v=1\nswap 0.85 1656472338\n",
      "# c=\"\n  #\\\nm,z=1,a=2 v=\"\\\\\",w=1u 5 \nm,a=1,a=2 v=1\n,x=1 v=1\n",
      "m\\\nn v=1\nm a\\\\=1\nm v=1e400,w\nm v=\"a\"b\nm v=1 x\nm v=1 1 2",
      "m v=\"open\n# not a comment\n\r\n",
      "m v=1\\\n",
      std::string("\0\t m v=1 \0\t5\nm \t=1\n m=\"\nx\" v=1\r", 31),
      "0123456789 v=\"0123456789\n\"\n0123456789 v=1\nx v=\"overlong and open\n",
  };
  return bodies;
}

ReaderOptions Options(bool strict, size_t max_line_size = 1000) {
  ReaderOptions options;
  options.strict = strict;
  options.default_time_ns = 1'700'000'000'123'456'789;
  options.max_line_size = max_line_size;
  return options;
}

LineOutcome OnlyOutcome(const ReaderOptions& options, std::string_view text) {
  const std::vector<LineOutcome> outcomes = ReadLines(options, text);
  EXPECT_EQ(outcomes.size(), 1) << text;
  return outcomes.empty() ? LineOutcome() : outcomes[0];
}

TEST(LineReader, ReadsAPoint) {
  const std::string body = "\n cpu,b=2,a=1 x=1i,y=\"s\" 7\n";
  LineReader reader{ReaderOptions()};
  reader.SetInput(body, true);
  ASSERT_EQ(reader.Next(), LineReader::Result::kPoint);
  const Point& point = reader.point();
  EXPECT_EQ(point.text, "cpu,b=2,a=1 x=1i,y=\"s\" 7");
  EXPECT_EQ(point.text.data(), body.data() + 2);
  EXPECT_EQ(point.series_key, "cpu,b=2,a=1");
  EXPECT_EQ(point.measurement, "cpu");
  ASSERT_EQ(point.tags.size(), 2);
  EXPECT_EQ(point.tags[0].key, "a");
  ASSERT_EQ(point.fields.size(), 2);
  EXPECT_EQ(point.fields[1].string_value, "s");
  EXPECT_EQ(point.time_ns, 7);
  EXPECT_TRUE(point.has_time);
  EXPECT_EQ(point.line_number, 2);
  EXPECT_EQ(point.indent, 1);
  EXPECT_EQ(reader.Next(), LineReader::Result::kEnd);
  EXPECT_EQ(reader.Next(), LineReader::Result::kEnd);
  EXPECT_EQ(reader.consumed(), body.size());
}

TEST(LineReader, GoesOnBehindABadLine) {
  LineReader reader{ReaderOptions()};
  reader.SetInput("bad\n\n  worse,\nm v=1", true);
  ASSERT_EQ(reader.Next(), LineReader::Result::kError);
  EXPECT_EQ(reader.error().line_number, 1);
  EXPECT_EQ(reader.error().column, 4);
  EXPECT_EQ(reader.error().text, "bad");
  ASSERT_EQ(reader.Next(), LineReader::Result::kError);
  EXPECT_EQ(reader.error().line_number, 3);
  EXPECT_EQ(reader.error().column, 9);
  EXPECT_EQ(reader.error().text, "worse,");
  ASSERT_EQ(reader.Next(), LineReader::Result::kPoint);
  EXPECT_EQ(reader.point().line_number, 4);
}

TEST(LineReader, AsksForMore) {
  LineReader reader{ReaderOptions()};
  reader.SetInput("a v=1\nb v", false);
  EXPECT_EQ(reader.Next(), LineReader::Result::kPoint);
  EXPECT_EQ(reader.Next(), LineReader::Result::kNeedMore);
  EXPECT_EQ(reader.consumed(), 6);
  reader.SetInput("b v=2", true);
  EXPECT_EQ(reader.Next(), LineReader::Result::kPoint);
  EXPECT_EQ(reader.point().text, "b v=2");
  EXPECT_EQ(reader.point().line_number, 2);
  EXPECT_EQ(reader.Next(), LineReader::Result::kEnd);
}

TEST(LineReader, WaitsWhereABackslashDecides) {
  LineReader reader{ReaderOptions()};
  reader.SetInput("m v=1\\\n", false);
  EXPECT_EQ(reader.Next(), LineReader::Result::kNeedMore);
  reader.SetInput("m v=1\\\n", true);
  EXPECT_EQ(reader.Next(), LineReader::Result::kError);
  EXPECT_EQ(reader.error().text, "m v=1\\");
}

TEST(LineReader, MissingTimeIsTruncatedOnlyInStrictMode) {
  ReaderOptions options = Options(true);
  options.precision = Precision::kMinute;
  EXPECT_EQ(OnlyOutcome(options, "m v=1").time_ns, 1'699'999'980'000'000'000);
  options.strict = false;
  EXPECT_EQ(OnlyOutcome(options, "m v=1").time_ns, 1'700'000'000'123'456'789);
  EXPECT_FALSE(OnlyOutcome(options, "m v=1").has_time);
}

TEST(LineReader, LenienciesAreOffInStrictMode) {
  const LineOutcome lenient = OnlyOutcome(Options(false), "m 1 1656472338\r\n");
  EXPECT_TRUE(lenient.ok && lenient.bare_value && lenient.carriage_return);
  EXPECT_TRUE(lenient.detected_precision);
  EXPECT_FALSE(OnlyOutcome(Options(true), "m 1 1656472338").ok);
  EXPECT_FALSE(OnlyOutcome(Options(true), "m v=1\r\n").ok);
  EXPECT_EQ(OnlyOutcome(Options(true), "m v=1 1656472338").time_ns, 1'656'472'338);
}

TEST(LineReader, LineSizeLimit) {
  const std::string line = "m v=\"" + std::string(100, 'x') + "\"";
  EXPECT_TRUE(OnlyOutcome(Options(false, 107), " " + line + "\r\n").ok);
  EXPECT_TRUE(OnlyOutcome(Options(false, 106), " " + line + "\r\n").ok);
  const LineOutcome overlong = OnlyOutcome(Options(false, 105), " " + line + "\r\n");
  EXPECT_EQ(overlong.message,
            "unable to parse '" + line.substr(0, 64) + "...': max line size exceeded: 106 > 105");
  EXPECT_EQ(overlong.column, 107);
  EXPECT_EQ(OnlyOutcome(Options(true, 106), line + "\r\n").message,
            "unable to parse '" + line.substr(0, 64) + "...': max line size exceeded: 107 > 106");
}

TEST(LineReader, KeySizeLimit) {
  const ReaderOptions options = Options(false, 1 << 20);
  const std::string key = "m,a=" + std::string(65526, 'x');
  EXPECT_TRUE(OnlyOutcome(options, key.substr(0, key.size() - 1) + " v=1").ok);
  EXPECT_TRUE(OnlyOutcome(options, key + " v=1").ok);
  const LineOutcome with_field = OnlyOutcome(options, key + "x v=1");
  EXPECT_EQ(with_field.message.substr(with_field.message.rfind(':')), ": 65536 > 65535");
  EXPECT_EQ(with_field.column, 65533);
  const LineOutcome alone = OnlyOutcome(options, key + "xxxxxx v=1x");
  EXPECT_EQ(alone.message.substr(alone.message.rfind(':')), ": 65536 > 65535");
  EXPECT_EQ(alone.column, 65536);
}

TEST(LineReader, EveryCutGivesTheSameLines) {
  for (const std::string& body : Bodies()) {
    for (const size_t limit : {size_t{12}, size_t{14}, size_t{25}, size_t{1000}}) {
      for (const bool strict : {false, true}) {
        const ReaderOptions options = Options(strict, limit);
        const std::vector<LineOutcome> whole = ReadLines(options, body);
        ASSERT_FALSE(whole.empty());
        for (size_t first = 0; first <= body.size(); ++first) {
          for (size_t second = first; second <= body.size(); second += 3) {
            ASSERT_EQ(ReadLines(options, body, {first, second}), whole) << first << ' ' << second;
          }
        }
      }
    }
  }
}

TEST(LineReader, ByteByByteGivesTheSameLines) {
  for (const std::string& body : Bodies()) {
    std::vector<size_t> cuts;
    for (size_t i = 1; i < body.size(); ++i) {
      cuts.push_back(i);
    }
    for (const size_t limit : {size_t{0}, size_t{13}, size_t{1000}}) {
      EXPECT_EQ(ReadLines(Options(false, limit), body, cuts),
                ReadLines(Options(false, limit), body));
    }
  }
}

// With the tags that the caller would find.
std::vector<LineOutcome> ReadDeferred(ReaderOptions options, const std::string& body) {
  options.defer_tags = true;
  LineReader reader(options);
  reader.SetInput(body, true);
  std::vector<LineOutcome> outcomes;
  std::vector<Tag> tags;
  for (LineReader::Result result = reader.Next(); result != LineReader::Result::kEnd;
       result = reader.Next()) {
    if (result == LineReader::Result::kError) {
      outcomes.push_back(OutcomeOf(reader.error()));
      continue;
    }
    Point point = reader.point();
    EXPECT_TRUE(point.tags.empty());
    const std::string_view measurement = point.measurement;
    if (ParseSeriesKey(point.series_key, true, &point.measurement, &tags)) {
      outcomes.emplace_back();
      outcomes.back().line_number = point.line_number;
      continue;
    }
    EXPECT_EQ(measurement, point.measurement);
    point.tags = tags;
    outcomes.push_back(OutcomeOf(point));
  }
  return outcomes;
}

TEST(LineReader, DeferredTagsChangeNothingElse) {
  std::vector<std::string> bodies = Bodies();
  bodies.push_back("m,a v=x\nm,a=1,a=2 v=1 x\n,a=1 v=\nm,a=b=c w\nm\\,x v=1\nm,b=1,a=2 v=1\nm,a=");
  for (const std::string& body : bodies) {
    std::vector<LineOutcome> whole = ReadLines(Options(false), body);
    const std::vector<LineOutcome> deferred = ReadDeferred(Options(false), body);
    ASSERT_EQ(whole.size(), deferred.size());
    for (size_t i = 0; i < whole.size(); ++i) {
      const bool is_left_to_caller = !deferred[i].ok && deferred[i].message.empty();
      EXPECT_EQ(deferred[i].line_number, whole[i].line_number);
      if (is_left_to_caller) {
        EXPECT_FALSE(whole[i].ok);
      } else {
        EXPECT_EQ(deferred[i], whole[i]);
      }
    }
  }
}

TEST(LineReader, DeferredTagsLeaveABadKeyOfAGoodLineToTheCaller) {
  ReaderOptions options;
  options.defer_tags = true;
  LineReader reader(options);
  reader.SetInput("m,a=1,a=2 v=1\n,a=1 v=1\nm,a=1,a=2 v=1 x", true);
  ASSERT_EQ(reader.Next(), LineReader::Result::kPoint);
  EXPECT_EQ(reader.point().measurement, "m");
  ASSERT_EQ(reader.Next(), LineReader::Result::kPoint);
  EXPECT_EQ(reader.point().measurement, "");
  ASSERT_EQ(reader.Next(), LineReader::Result::kError);
  EXPECT_EQ(reader.error().code, LineErrorCode::kDuplicateTags);
}

TEST(LineReader, CanBeUsedAgainAfterTheEnd) {
  LineReader reader{ReaderOptions()};
  reader.SetInput("# no line end", true);
  EXPECT_EQ(reader.Next(), LineReader::Result::kEnd);
  reader.SetInput("m v=1", true);
  EXPECT_EQ(reader.Next(), LineReader::Result::kPoint);
  EXPECT_EQ(reader.point().line_number, 2);
}

}  // namespace
}  // namespace fluxgate::influx
