#include "bridge/ingest/batch_writer.h"

#include "tests/bridge/ingest/write_feeder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fluxgate {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

WriteParams Params(std::string_view database = "db") {
  WriteParams params;
  params.database = database;
  params.precision = influx::Precision::kNanosecond;
  return params;
}

BatchResult Write(WriteSide* side, std::string_view body) {
  const WriteParams params = Params();
  BatchWriter writer(&side->ingest, params, "peer", side->clock.Read());
  EXPECT_EQ(writer.Write(body, true), body.size());
  return writer.result();
}

// Fed in pieces that end at `cuts`; what is not taken comes again.
BatchResult WriteInPieces(WriteSide* side, const std::string& body, std::vector<size_t> cuts) {
  const WriteParams params = Params();
  BatchWriter writer(&side->ingest, params, "peer", side->clock.Read());
  cuts.push_back(body.size());
  size_t begin = 0;
  for (const size_t& cut : cuts) {
    const bool last = &cut == &cuts.back();
    // A copy of its own, which is gone when the next piece comes.
    const std::string piece = body.substr(begin, cut - begin);
    begin += writer.Write(piece, last);
  }
  EXPECT_EQ(begin, body.size());
  return writer.result();
}

std::vector<std::string> Reasons(WriteSide* side) {
  std::vector<std::string> reasons;
  for (const auto& [reason, rejections] : side->ingest.rejections().Snapshot()) {
    reasons.push_back(std::string(reason) + " " + std::to_string(rejections.size()));
  }
  return reasons;
}

TEST(BatchWriter, GoodLinesAreStored) {
  WriteSide side;
  const BatchResult result = Write(&side, "a,t=1 value=1,b=2i\n\n# comment\nc value=t");
  EXPECT_EQ(result.totals.points, 2U);
  EXPECT_EQ(result.totals.samples, 3U);
  EXPECT_EQ(result.bad_lines.count(), 0U);
  EXPECT_EQ(side.Scrape(),
            "# HELP a InfluxDB Metric\n# TYPE a untyped\na{t=\"1\"} 1\n"
            "# HELP a_b InfluxDB Metric\n# TYPE a_b untyped\na_b{t=\"1\"} 2\n"
            "# HELP c InfluxDB Metric\n# TYPE c untyped\nc 1\n");
}

TEST(BatchWriter, NothingIsAGoodBatch) {
  for (const std::string_view body : {"", "\n", "# only\n# comments", "  \r\n"}) {
    WriteSide side;
    const BatchResult result = Write(&side, body);
    EXPECT_EQ(result.totals.points, 0U);
    EXPECT_EQ(BatchReply(WriteProtocol::kHttpV1, result).status, 204);
  }
}

std::string ManyFields(int count) {
  std::string fields;
  for (int i = 0; i < count; ++i) {
    fields += "f" + std::to_string(i % 9'000) + "=" + std::to_string(i) + ",";
  }
  return fields;
}

TEST(BatchWriter, LineOfVeryManyFieldsIsOnePoint) {
  WriteSide side;
  const BatchResult result =
      Write(&side, "m " + ManyFields(10'000) + "s=\"x\" 1700000000000000000\nn value=1");
  EXPECT_EQ(result.totals.points, 2U);
  EXPECT_EQ(result.totals.samples, 10'001U);
  EXPECT_THAT(result.reasons.dropped_samples, ElementsAre(Pair("string_field", 1)));
  const std::string scrape = side.Scrape();
  // Of a key that comes again the last value counts.
  EXPECT_THAT(scrape, testing::HasSubstr("\nm_f0 9000\n"));
  EXPECT_THAT(scrape, testing::HasSubstr("\nm_f999 9999\n"));
  EXPECT_THAT(scrape, testing::HasSubstr("\nm_f8999 8999\n"));
  EXPECT_EQ(side.cache.series_count(), 9'001U);
}

TEST(BatchWriter, HistoricLineOfVeryManyFieldsIsOneHistoricPoint) {
  for (const std::string_view before : {"", "m f1=1\n"}) {
    WriteSide side;
    const BatchResult result =
        Write(&side, std::string(before) + "m " + ManyFields(3'000) + "g=1 1");
    EXPECT_EQ(result.totals.historic_points, 1U);
  }
}

TEST(BatchWriter, BadLineOfVeryManyFieldsIsOneBadLine) {
  for (const std::string& line : {"m,b=1,b=2 " + ManyFields(10'000) + "g=1",
                                  "m " + ManyFields(10'000) + "g=", "m " + ManyFields(10'000)}) {
    WriteSide side;
    const BatchResult result = Write(&side, line);
    EXPECT_EQ(result.totals.points, 0U);
    EXPECT_EQ(result.totals.samples, 0U);
    EXPECT_EQ(result.bad_lines.count(), 1U);
    EXPECT_EQ(side.cache.series_count(), 0U);
  }
}

// Tags of an unknown series are only looked at when it is stored, well behind the other lines.
constexpr std::string_view kMixed =
    "good value=1\n"
    "a,b=1,b=2 value=1\n"
    "bad\n"
    "c,d value=1\n"
    "good value=2\n"
    "e value=x\n"
    "f,g=1,g=1 value=1\n";
constexpr std::string_view kMixedText =
    "line 2: unable to parse 'a,b=1,b=2 value=1': duplicate tags\n"
    "line 3: unable to parse 'bad': missing fields\n"
    "line 4: unable to parse 'c,d value=1': missing tag value\n"
    "line 6: unable to parse 'e value=x': invalid boolean\n"
    "line 7: unable to parse 'f,g=1,g=1 value=1': duplicate tags";

TEST(BatchWriter, BadLinesAreToldInLineOrder) {
  WriteSide side;
  const BatchResult result = Write(&side, kMixed);
  EXPECT_EQ(result.bad_lines.Text(true), kMixedText);
  EXPECT_EQ(result.totals.points, 2U);
  EXPECT_EQ(result.totals.samples, 2U);
  EXPECT_THAT(result.reasons.rejected_lines,
              ElementsAre(Pair("duplicate_tags", 2), Pair("invalid_boolean", 1),
                          Pair("missing_fields", 1), Pair("missing_tag_value", 1)));
}

TEST(BatchWriter, BadLinesAreToldInLineOrderFromWindowToWindow) {
  WriteSide side;
  std::string body;
  std::string expected;
  for (int i = 1; i <= 3000; ++i) {
    const bool is_late = i % 300 == 7;
    const bool is_bad = i % 300 == 5;
    const std::string line = is_late  ? "a,b=1,b=" + std::to_string(i) + " value=1"
                             : is_bad ? "bad" + std::to_string(i)
                                      : "m,t=" + std::to_string(i) + " value=1";
    body += line + "\n";
    if (is_late || is_bad) {
      expected += (expected.empty() ? "line " : "\nline ") + std::to_string(i) +
                  ": unable to parse '" + line +
                  "': " + (is_late ? "duplicate tags" : "missing fields");
    }
  }
  const BatchResult result = Write(&side, body);
  EXPECT_EQ(result.bad_lines.Text(true), expected);
  EXPECT_EQ(result.totals.points, 2980U);
  EXPECT_EQ(side.cache.series_count(), 2980U);
}

TEST(BatchWriter, TagErrorComesBeforeFieldError) {
  WriteSide side;
  EXPECT_EQ(Write(&side, "a,b=1,b=2 value=x\n").bad_lines.Text(false),
            "unable to parse 'a,b=1,b=2 value=x': duplicate tags");
}

TEST(BatchWriter, PiecesCutAnywhereGiveTheSame) {
  WriteSide whole;
  const std::string body =
      "m,t=1 value=1,s=\"x\ny\"\r\n# c\n\nbad\na,b=1,b=2 value=1\nm,t=1 value=2\nn value=3";
  const BatchResult expected = Write(&whole, body);
  for (size_t first = 0; first <= body.size(); ++first) {
    for (size_t second = first; second <= body.size(); second += 5) {
      WriteSide side;
      const BatchResult result = WriteInPieces(&side, body, {first, second});
      ASSERT_EQ(result.bad_lines.Text(true), expected.bad_lines.Text(true)) << first;
      ASSERT_EQ(result.totals.points, expected.totals.points);
      ASSERT_EQ(result.totals.samples, expected.totals.samples);
      ASSERT_EQ(result.reasons.dropped_samples, expected.reasons.dropped_samples);
      ASSERT_EQ(result.reasons.leniencies, expected.reasons.leniencies);
      ASSERT_EQ(side.Scrape(), whole.Scrape());
    }
  }
}

TEST(BatchWriter, RejectionsAreLoggedWithTheirLine) {
  WriteSide side;
  Write(&side, kMixed);
  EXPECT_THAT(Reasons(&side), ElementsAre("duplicate_tags 2", "invalid_boolean 1",
                                          "missing_fields 1", "missing_tag_value 1"));
  const auto rejections = side.ingest.rejections().Snapshot().at(2).second;
  EXPECT_EQ(rejections.at(0).text, "bad");
  EXPECT_EQ(rejections.at(0).detail, "missing fields");
  EXPECT_EQ(rejections.at(0).peer, "peer");
  EXPECT_EQ(rejections.at(0).database, "db");
  EXPECT_EQ(rejections.at(0).time_ns, side.clock.Read().wall_ns);
}

TEST(BatchWriter, DroppedSamplesAreLoggedWithTheirField) {
  WriteSide side;
  Write(&side, "m,t=1 s=\"x\",value=1 1700000000000000000\nm,t=1 value=2 1699999999000000000\n");
  const auto reasons = side.ingest.rejections().Snapshot();
  ASSERT_EQ(reasons.size(), 2U);
  EXPECT_EQ(reasons[0].first, "older_than_current");
  EXPECT_EQ(reasons[0].second.at(0).detail, "value");
  EXPECT_EQ(reasons[0].second.at(0).text, "m,t=1 value=2 1699999999000000000");
  EXPECT_EQ(reasons[1].first, "string_field");
  EXPECT_EQ(reasons[1].second.at(0).detail, "s");
}

// A writer that always sends strings must not hide what else is dropped.
TEST(BatchWriter, FloodOfOneReasonDoesNotHideAnother) {
  WriteSide side;
  std::string body;
  for (int i = 0; i < 100; ++i) {
    body += "m,t=" + std::to_string(i) + " value=1,s=\"x\" 1700000000000000000\n";
  }
  body += "m,t=1 value=2 1699999999000000000\n";
  const BatchResult result = Write(&side, body);
  EXPECT_THAT(result.reasons.dropped_samples,
              ElementsAre(Pair("older_than_current", 1), Pair("string_field", 100)));
  EXPECT_THAT(Reasons(&side), ElementsAre("older_than_current 1", "string_field 20"));
}

// What is copied into the log costs much more than to count it.
TEST(BatchWriter, OfABatchOnlyTheFirstRejectionsAreLogged) {
  WriteSide side;
  std::string body;
  for (int i = 0; i < 10'000; ++i) {
    body += std::to_string(i) + "\n" + "m value=" + std::to_string(i) + ",s=\"x\"\n";
  }
  const WriteParams params = Params();
  BatchWriter writer(&side.ingest, params, "peer", side.clock.Read());
  writer.Write(body, true);
  EXPECT_THAT(writer.result().reasons.rejected_lines, ElementsAre(Pair("missing_fields", 10'000)));
  const auto logged = side.ingest.rejections().Snapshot();
  ASSERT_EQ(logged.size(), 2U);
  EXPECT_EQ(logged[0].second.front().text, "19");
  EXPECT_EQ(logged[1].second.front().text, "m value=19,s=\"x\"");
  // The next part of a batch without end has a log of its own.
  writer.TakeResult();
  writer.Write("last\n", true);
  EXPECT_EQ(side.ingest.rejections().Snapshot()[0].second.front().text, "last");
}

TEST(BatchWriter, SeriesThatMayNotExistDropsItsFields) {
  WriteSide side;
  std::string line = "m";
  for (int i = 0; i < 300; ++i) {
    line += ",t" + std::to_string(i) + "=1";
  }
  const BatchResult result = Write(&side, line + " a=1,b=2,s=\"x\"\n");
  EXPECT_EQ(result.totals.points, 1U);
  EXPECT_EQ(result.totals.samples, 0U);
  EXPECT_THAT(result.reasons.dropped_samples,
              ElementsAre(Pair("string_field", 1), Pair("too_many_labels", 2)));
}

TEST(BatchWriter, LenienciesAreCounted) {
  WriteSide side;
  const BatchResult result = Write(&side, "m 0.85\r\nm,__x=1,a-b=1,a.b=2,__name__=q value=1\n");
  EXPECT_THAT(
      result.reasons.leniencies,
      ElementsAre(Pair("bare_value", 1), Pair("carriage_return", 1), Pair("colliding_label", 1),
                  Pair("name_tag", 1), Pair("reserved_label", 1)));
}

TEST(BatchWriter, HistoricPointsAreGoodPoints) {
  WriteSide side;
  const BatchResult result = Write(&side, "m value=1 1600000000000000000\nbad\n");
  EXPECT_EQ(result.totals.points, 1U);
  EXPECT_EQ(result.totals.historic_points, 1U);
  EXPECT_EQ(result.totals.samples, 0U);
  EXPECT_EQ(BatchReply(WriteProtocol::kHttpV1, result).body,
            "{\"error\":\"partial write: unable to parse 'bad': missing fields dropped=0\"}\n");
  EXPECT_EQ(side.Scrape(), "");
}

TEST(BatchWriter, LineOfVeryManyFieldsIsStored) {
  WriteSide side;
  std::string line = "m ";
  for (int i = 0; i < 30'000; ++i) {
    line += (i == 0 ? "f" : ",f") + std::to_string(i) + "=1";
  }
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(Write(&side, "a value=1\n" + line + "\nb value=1\n").totals.samples, 30'002U);
    EXPECT_EQ(side.cache.series_count(), 30'002U);
  }
}

TEST(BatchWriter, OverlongLineIsRejectedAndReadingGoesOn) {
  IngestOptions options;
  options.line_size_max = 100;
  WriteSide side(options);
  const std::string line = "m s=\"" + std::string(94, 'x') + "\"";
  ASSERT_EQ(line.size(), 100U);
  EXPECT_EQ(Write(&side, line + "\na value=1\n").bad_lines.count(), 0U);
  const BatchResult result = Write(&side, line + " \na value=2\n");
  EXPECT_THAT(result.reasons.rejected_lines, ElementsAre(Pair("line_too_long", 1)));
  EXPECT_EQ(result.totals.samples, 1U);
}

TEST(BatchWriter, StrictModeHasNoLeniencies) {
  IngestOptions options;
  options.strict = true;
  WriteSide side(options);
  const BatchResult result = Write(&side, "m 0.85\nm value=1\r\nm value=2\n");
  EXPECT_EQ(result.bad_lines.count(), 2U);
  EXPECT_THAT(result.reasons.leniencies, IsEmpty());
}

}  // namespace
}  // namespace fluxgate
