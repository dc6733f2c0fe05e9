#include "bridge/ingest/batch_result.h"

#include <gtest/gtest.h>

namespace fluxgate {
namespace {

TEST(BadLines, MessagesStandOneALine) {
  BadLines lines;
  EXPECT_EQ(lines.Text(false), "");
  lines.Add(3, "first", "x");
  lines.Add(70, "second", "x");
  EXPECT_EQ(lines.Text(false), "first\nsecond");
  EXPECT_EQ(lines.Text(true), "line 3: first\nline 70: second");
  EXPECT_EQ(lines.count(), 2U);
}

TEST(BadLines, BeyondTwentyOnlyTheNumberIsTold) {
  BadLines lines;
  std::string expected;
  for (uint64_t i = 1; i <= 20; ++i) {
    EXPECT_FALSE(lines.is_full());
    lines.Add(i, "m" + std::to_string(i), "x");
    expected += (i == 1 ? "m" : "\nm") + std::to_string(i);
  }
  EXPECT_EQ(lines.Text(false), expected);
  EXPECT_TRUE(lines.is_full());
  for (uint64_t i = 21; i <= 1000; ++i) {
    lines.Add(i, "more", "x");
  }
  EXPECT_EQ(lines.Text(false), expected + "\nand 980 more");
  EXPECT_EQ(lines.count(), 1000U);
}

TEST(BadLines, MessagesAreCutAtFourKibibytes) {
  BadLines lines;
  lines.Add(1, std::string(4000, 'a'), "x");
  lines.Add(2, std::string(96, 'b'), "x");
  EXPECT_TRUE(lines.is_full());
  EXPECT_EQ(lines.Text(false), std::string(4000, 'a') + "\n" + std::string(96, 'b'));
  BadLines cut;
  cut.Add(1, std::string(4000, 'a'), "x");
  cut.Add(2, std::string(97, 'b'), "x");
  cut.Add(3, "c", "x");
  EXPECT_EQ(cut.Text(false),
            std::string(4000, 'a') + "\n" + std::string(96, 'b') + "...\nand 1 more");
}

BatchResult ResultOf(uint64_t points, uint64_t historic, int bad) {
  BatchResult result;
  result.totals.points = points;
  result.totals.historic_points = historic;
  for (int i = 0; i < bad; ++i) {
    result.bad_lines.Add(7, "unable to parse 'x': missing fields", "x");
  }
  return result;
}

TEST(BatchReply, GoodBatchHasNoBody) {
  for (const WriteProtocol protocol : {WriteProtocol::kHttpV1, WriteProtocol::kHttpV2}) {
    for (const uint64_t points : {0U, 5U}) {
      const Reply reply = BatchReply(protocol, ResultOf(points, 0, 0));
      EXPECT_EQ(reply.status, 204);
      EXPECT_EQ(reply.body, "");
      EXPECT_TRUE(reply.headers.empty());
    }
  }
}

TEST(BatchReply, BadLinesInTheShapeOfTheApi) {
  EXPECT_EQ(BatchReply(WriteProtocol::kHttpV1, ResultOf(0, 0, 1)).body,
            "{\"error\":\"unable to parse 'x': missing fields\"}\n");
  EXPECT_EQ(BatchReply(WriteProtocol::kHttpV1, ResultOf(1, 0, 1)).body,
            "{\"error\":\"partial write: unable to parse 'x': missing fields dropped=0\"}\n");
  EXPECT_EQ(BatchReply(WriteProtocol::kHttpV2, ResultOf(0, 0, 1)).body,
            "{\"code\":\"invalid\",\"message\":\"line 7: unable to parse 'x': missing fields\"}\n");
  EXPECT_EQ(BatchReply(WriteProtocol::kHttpV2, ResultOf(1, 0, 1)).body,
            "{\"code\":\"invalid\",\"message\":\"partial write: line 7: unable to parse 'x': "
            "missing fields dropped=0\"}\n");
  EXPECT_EQ(BatchReply(WriteProtocol::kHttpV2, ResultOf(1, 0, 1)).status, 400);
}

TEST(HitsLimit, OnlyThoseOfASampleDo) {
  EXPECT_FALSE(HitsLimit({}));
  EXPECT_FALSE(HitsLimit(
      {{"series_limit", 1}, {"database_series_limit", 1}, {"measurement_series_limit", 1}}));
  EXPECT_FALSE(HitsLimit({{"string_field", 3}, {"older_than_current", 1}, {"reserved_name", 1}}));
  for (const std::string_view reason :
       {"metric_name_too_long", "too_many_labels", "label_name_too_long", "label_value_too_long"}) {
    EXPECT_TRUE(HitsLimit({{"string_field", 3}, {reason, 1}})) << reason;
  }
}

TEST(BatchReply, HistoricPointsAreNamedInAHeader) {
  for (const int bad : {0, 1}) {
    const Reply reply = BatchReply(WriteProtocol::kHttpV1, ResultOf(12, 11, bad));
    EXPECT_EQ(reply.status, bad == 0 ? 204 : 400);
    EXPECT_EQ(reply.headers.back(),
              std::pair(std::string("X-Fluxgate-Historic"), std::string("11")));
  }
}

}  // namespace
}  // namespace fluxgate
