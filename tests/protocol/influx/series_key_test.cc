#include "protocol/influx/series_key.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fluxgate::influx {
namespace {

using Tags = std::vector<std::pair<std::string, std::string>>;

struct ParsedKey {
  std::string measurement;
  Tags tags;
  std::optional<LineError> error;
};

ParsedKey Parse(std::string_view key, bool line_continues = true) {
  ParsedKey parsed;
  std::string_view measurement;
  std::vector<Tag> tags = {{"left", "over"}};
  parsed.error = ParseSeriesKey(key, line_continues, &measurement, &tags);
  parsed.measurement = measurement;
  for (const Tag& tag : tags) {
    parsed.tags.emplace_back(tag.key, tag.value);
  }
  return parsed;
}

void ExpectError(std::string_view key, LineErrorCode code, uint64_t column,
                 bool line_continues = true) {
  const std::optional<LineError> error = Parse(key, line_continues).error;
  ASSERT_TRUE(error) << key;
  EXPECT_EQ(Name(error->code), Name(code)) << key;
  EXPECT_EQ(error->column, column) << key;
}

TEST(SeriesKey, EndsAtFirstUnescapedSpace) {
  EXPECT_EQ(FindSeriesKeyEnd("cpu,a=b v=1"), 7);
  EXPECT_EQ(FindSeriesKeyEnd("cpu"), 3);
  EXPECT_EQ(FindSeriesKeyEnd(R"(c\ pu v=1)"), 5);
  EXPECT_EQ(FindSeriesKeyEnd(R"(c\\ pu v=1)"), 6);  // backslashes do not pair here
  EXPECT_EQ(FindSeriesKeyEnd("c\\ "), 3);
  EXPECT_EQ(FindSeriesKeyEnd(""), 0);
}

TEST(SeriesKey, MeasurementEndsAtFirstUnescapedComma) {
  EXPECT_EQ(FindMeasurementEnd("cpu,a=b"), 3);
  EXPECT_EQ(FindMeasurementEnd("cpu"), 3);
  EXPECT_EQ(FindMeasurementEnd(R"(c\,pu,a=b)"), 5);
  EXPECT_EQ(FindMeasurementEnd(",a=b"), 0);
  EXPECT_EQ(FindMeasurementEnd(""), 0);
}

TEST(SeriesKey, TagsComeSorted) {
  const ParsedKey parsed = Parse("cpu,z=1,a=2,m=3,B=4");
  EXPECT_FALSE(parsed.error);
  EXPECT_EQ(parsed.measurement, "cpu");
  EXPECT_EQ(parsed.tags, (Tags{{"B", "4"}, {"a", "2"}, {"m", "3"}, {"z", "1"}}));
}

TEST(SeriesKey, TagsAreSortedByRawUnsignedBytes) {
  EXPECT_EQ(Parse("m,\xc3\xa9=1,z=2,\\,=3,aa=4,a=5").tags,
            (Tags{{"\\,", "3"}, {"a", "5"}, {"aa", "4"}, {"z", "2"}, {"\xc3\xa9", "1"}}));
}

TEST(SeriesKey, EscapesStayInTokens) {
  const ParsedKey parsed = Parse(R"(c\,p\=u,a\=b=c\ d\,,"e"="\")");
  EXPECT_FALSE(parsed.error);
  EXPECT_EQ(parsed.measurement, R"(c\,p\=u)");
  EXPECT_EQ(parsed.tags, (Tags{{R"("e")", R"("\")"}, {R"(a\=b)", R"(c\ d\,)"}}));
}

TEST(SeriesKey, AnyFirstByteButACommaIsAMeasurement) {
  EXPECT_EQ(Parse("=").measurement, "=");
  EXPECT_EQ(Parse("\\").measurement, "\\");
  EXPECT_EQ(Parse(std::string_view("\0", 1)).measurement, std::string(1, '\0'));
  ExpectError(",a=b", LineErrorCode::kMissingMeasurement, 1);
  ExpectError("", LineErrorCode::kMissingMeasurement, 1);
}

TEST(SeriesKey, Errors) {
  ExpectError("cpu,", LineErrorCode::kMissingTagKey, 5);
  ExpectError("cpu,=b", LineErrorCode::kMissingTagKey, 5);
  ExpectError("cpu,,a=b", LineErrorCode::kMissingTagKey, 5);
  ExpectError("cpu,a", LineErrorCode::kMissingTagValue, 6);
  ExpectError("cpu,a,b=c", LineErrorCode::kMissingTagValue, 6);
  ExpectError("cpu,a=", LineErrorCode::kMissingTagValue, 7);
  ExpectError("cpu,a=,b=c", LineErrorCode::kMissingTagValue, 7);
  ExpectError("cpu,a=b=c", LineErrorCode::kInvalidTagFormat, 8);
  ExpectError("cpu,a==b=", LineErrorCode::kInvalidTagFormat, 9);
}

TEST(SeriesKey, FirstByteOfAValueMayBeEquals) {
  EXPECT_EQ(Parse("cpu,a==b").tags, (Tags{{"a", "=b"}}));
}

TEST(SeriesKey, WithoutFieldsTheLineIsMissingThem) {
  ExpectError("cpu", LineErrorCode::kMissingFields, 4, false);
  ExpectError("cpu,a=b", LineErrorCode::kMissingFields, 8, false);
  ExpectError("cpu,a=b,a=c", LineErrorCode::kMissingFields, 12, false);
  ExpectError("cpu,a", LineErrorCode::kMissingTagValue, 6, false);
}

TEST(SeriesKey, DuplicateIsFoundAtItsSecondPlace) {
  ExpectError("m,a=1,a=1", LineErrorCode::kDuplicateTags, 7);
  ExpectError("m,b=1,a=2,b=3", LineErrorCode::kDuplicateTags, 11);
  ExpectError("m,b=1,c=2,c=3,a=4,a=5,b=6", LineErrorCode::kDuplicateTags, 11);
}

TEST(SeriesKey, SizeLimit) {
  const std::string start = "m,a=";
  EXPECT_FALSE(Parse(start + std::string(kSeriesKeySizeMax - 5, 'x')).error);
  EXPECT_FALSE(Parse(start + std::string(kSeriesKeySizeMax - 4, 'x')).error);
  const std::string long_key = start + std::string(kSeriesKeySizeMax - 3, 'x');
  ExpectError(long_key, LineErrorCode::kKeyTooLong, 65536);
  EXPECT_EQ(Parse(long_key).error->size, 65536);
}

TEST(SeriesKey, ManyTagsInReverse) {
  std::string key = "m";
  for (int i = 2000; i > 0; --i) {
    key += "," + std::to_string(10'000 + i) + "=v";
  }
  const ParsedKey parsed = Parse(key);
  ASSERT_EQ(parsed.tags.size(), 2000);
  EXPECT_EQ(parsed.tags.front().first, "10001");
  EXPECT_EQ(parsed.tags.back().first, "12000");
  ExpectError(key + ",10001=w", LineErrorCode::kDuplicateTags, key.size() + 2);
}

}  // namespace
}  // namespace fluxgate::influx
