#include "protocol/influx/field_set.h"

#include "protocol/influx/series_key.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace fluxgate::influx {
namespace {

// Behind "m ", as a whole line has it.
struct ParsedFields : FieldSet {
  explicit ParsedFields(std::string_view field_set, size_t key_size = 1, size_t fields_max = 10)
      : text("m " + std::string(field_set)) {
    fields.resize(3);
    error = ParseFieldSet(text, 2, key_size, fields_max, this);
  }

  std::string text;
  std::optional<LineError> error;
};

// `column` in the field set.
void ExpectError(std::string_view field_set, LineErrorCode code, uint64_t column,
                 std::string_view token = {}) {
  const ParsedFields parsed(field_set);
  ASSERT_TRUE(parsed.error) << field_set;
  EXPECT_EQ(Name(parsed.error->code), Name(code)) << field_set;
  EXPECT_EQ(parsed.error->column, column + 2) << field_set;
  if (!token.empty()) {
    EXPECT_EQ(parsed.error->token, token);
  }
}

TEST(FieldSet, AllTypesInTheOrderSent) {
  const ParsedFields parsed(R"(f=1.5,i=-2i,u=3u,b=T,s="x y,z=1",f=2 99)");
  ASSERT_FALSE(parsed.error);
  ASSERT_EQ(parsed.fields.size(), 6);
  EXPECT_EQ(parsed.fields[0].key, "f");
  EXPECT_EQ(parsed.fields[0].float_value, 1.5);
  EXPECT_EQ(parsed.fields[1].int_value, -2);
  EXPECT_EQ(parsed.fields[2].uint_value, 3);
  EXPECT_TRUE(parsed.fields[3].bool_value);
  EXPECT_EQ(parsed.fields[4].type, FieldType::kString);
  EXPECT_EQ(parsed.fields[4].string_value, "x y,z=1");
  EXPECT_EQ(parsed.fields[5].float_value, 2);
  EXPECT_EQ(parsed.text.substr(parsed.end), " 99");
}

TEST(FieldSet, FieldsBeyondTheNumberAskedForAreCheckedAndLeft) {
  const ParsedFields parsed("a=1,b=\"x,y=\",c=3,d=4 99", 1, 2);
  ASSERT_FALSE(parsed.error);
  ASSERT_EQ(parsed.fields.size(), 2);
  EXPECT_EQ(parsed.text.substr(parsed.rest), "c=3,d=4 99");
  EXPECT_EQ(parsed.text.substr(parsed.end), " 99");
  FieldSet rest = parsed;
  ReadMoreFields(parsed.text, 2, &rest);
  ASSERT_EQ(rest.fields.size(), 2);
  EXPECT_EQ(rest.fields[0].key, "c");
  EXPECT_EQ(rest.rest, rest.end);
  EXPECT_EQ(rest.end, parsed.end);
  EXPECT_TRUE(ParsedFields("a=1,b=2,c=x", 1, 2).error);
  EXPECT_TRUE(ParsedFields("a=1,b=2," + std::string(kSeriesKeySizeMax, 'k') + "=1", 1, 2).error);
}

TEST(FieldSet, NoByteBehindMoreFieldsIsLookedAt) {
  ParsedFields parsed("a=1,b=2,c=3,d=4 99", 1, 1);
  ASSERT_FALSE(parsed.error);
  // Were it looked at, this would be an error.
  std::string text = parsed.text;
  text.replace(text.find("d=4"), 3, "===");
  ReadMoreFields(text, 2, &parsed);
  ASSERT_EQ(parsed.fields.size(), 2);
  EXPECT_EQ(parsed.fields[1].key, "c");
  EXPECT_EQ(text.substr(parsed.rest), "=== 99");
  EXPECT_EQ(text.substr(parsed.end), " 99");
}

TEST(FieldSet, EndsWithTheText) {
  const ParsedFields parsed("a=1");
  EXPECT_FALSE(parsed.error);
  EXPECT_EQ(parsed.end, parsed.text.size());
}

TEST(FieldSet, KeysAndStringsStayRaw) {
  const ParsedFields parsed(R"(a\,b\=c\ d="\"\\\n",\"=1,"q"=t)");
  ASSERT_FALSE(parsed.error);
  ASSERT_EQ(parsed.fields.size(), 3);
  EXPECT_EQ(parsed.fields[0].key, R"(a\,b\=c\ d)");
  EXPECT_EQ(parsed.fields[0].string_value, R"(\"\\\n)");
  EXPECT_EQ(parsed.fields[1].key, R"(\")");
  EXPECT_EQ(parsed.fields[2].key, R"("q")");
}

TEST(FieldSet, MissingParts) {
  ExpectError("=1", LineErrorCode::kMissingFieldKey, 1);
  ExpectError("a=1,=2", LineErrorCode::kMissingFieldKey, 5);
  ExpectError("a,=2", LineErrorCode::kMissingFieldKey, 3);
  ExpectError("a=", LineErrorCode::kMissingFieldValue, 3);
  ExpectError("a= 1", LineErrorCode::kMissingFieldValue, 3);
  ExpectError("a=,b=1", LineErrorCode::kMissingFieldValue, 3);
  ExpectError("=", LineErrorCode::kMissingFieldKey, 1);
}

TEST(FieldSet, InvalidFormat) {
  ExpectError("", LineErrorCode::kInvalidFieldFormat, 1);
  ExpectError("a", LineErrorCode::kInvalidFieldFormat, 2);
  ExpectError("a 1", LineErrorCode::kInvalidFieldFormat, 2);
  ExpectError("a=1,", LineErrorCode::kInvalidFieldFormat, 5);
  ExpectError("a=1,b 5", LineErrorCode::kInvalidFieldFormat, 6);
  ExpectError("a=1,,b=2", LineErrorCode::kInvalidFieldFormat, 5);
  ExpectError(",a=1", LineErrorCode::kInvalidFieldFormat, 1);
  ExpectError("a\\", LineErrorCode::kInvalidFieldFormat, 3);
  ExpectError(R"(a\\,=1)", LineErrorCode::kInvalidFieldFormat, 4);
}

TEST(FieldSet, ValueErrorsComeBeforeTheFormatOfTheWhole) {
  ExpectError("a,b=1x", LineErrorCode::kInvalidNumber, 5);
  ExpectError("a=1x,b", LineErrorCode::kInvalidNumber, 3);
  ExpectError("a=1,b=tr,c=1x", LineErrorCode::kInvalidBoolean, 7);
}

TEST(FieldSet, OutOfRangeTokens) {
  ExpectError("a=99999999999999999999i", LineErrorCode::kIntegerOutOfRange, 3,
              "99999999999999999999");
  ExpectError("a=99999999999999999999u", LineErrorCode::kUnsignedOutOfRange, 3,
              "99999999999999999999");
}

TEST(FieldSet, TextBehindAClosingQuote) {
  ExpectError(R"(v="abc"def)", LineErrorCode::kInvalidFieldFormat, 8);
  ExpectError(R"(v="a"5,w=1)", LineErrorCode::kInvalidFieldFormat, 6);
  ExpectError(R"(v="a"",w=1)", LineErrorCode::kInvalidFieldFormat, 6);
  ExpectError("v=\"a\"\t", LineErrorCode::kInvalidFieldFormat, 6);
}

TEST(FieldSet, UnbalancedQuotes) {
  ExpectError(R"(v="a)", LineErrorCode::kUnbalancedQuotes, 5);
  ExpectError(R"(v="a\")", LineErrorCode::kUnbalancedQuotes, 7);
  ExpectError(R"(v="a\)", LineErrorCode::kUnbalancedQuotes, 6);
}

TEST(FieldSet, QuotesCountOnlyWhereAValueMayStand) {
  ExpectError(R"(a,b="x y")", LineErrorCode::kInvalidFieldFormat, 2);
  ExpectError(R"(a,b="=5)", LineErrorCode::kInvalidFieldFormat, 2);
  ExpectError(R"(a,b="=5,c="x)", LineErrorCode::kUnbalancedQuotes, 13);
}

TEST(FieldSet, KeyThatIsReadInTwoWays) {
  ExpectError(R"(a\\=1 1)", LineErrorCode::kInvalidFieldKey, 1, R"(a\\=1)");
  ExpectError(R"(a=1,b\\=2,c=3)", LineErrorCode::kInvalidFieldKey, 5, R"(b\\=2,c)");
  ExpectError(R"(a\\="=" 1)", LineErrorCode::kInvalidFieldKey, 1, R"(a\\=")");
  EXPECT_FALSE(ParsedFields(R"(a\\b=1)").error);
  ExpectError(R"(a\\=1,b=x)", LineErrorCode::kInvalidBoolean, 9);
}

TEST(FieldSet, KeySizeLimit) {
  for (const size_t size : {size_t{1}, size_t{10}}) {
    const std::string key(size, 'k');
    const size_t fits = kSeriesKeySizeMax - 4 - size;
    EXPECT_FALSE(ParsedFields("a=1," + key + "=2", fits - 1).error);
    EXPECT_FALSE(ParsedFields("a=1," + key + "=2", fits).error);
    const std::optional<LineError> error = ParsedFields(key + "=2,a=1", fits + 1).error;
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, LineErrorCode::kKeyTooLong);
    EXPECT_EQ(error->size, 65536);
    EXPECT_EQ(error->column, 3);
  }
}

TEST(FieldSet, FirstOfTheTooLongKeysCounts) {
  const std::optional<LineError> error =
      ParsedFields("a=1,bb=2,ccc=3", kSeriesKeySizeMax - 5).error;
  ASSERT_TRUE(error);
  EXPECT_EQ(error->size, 65536);
  EXPECT_EQ(error->column, 7);
}

TEST(FieldSet, TooLongKeysBeforeOneReadInTwoWays) {
  const size_t key_size = kSeriesKeySizeMax - 5;
  EXPECT_EQ(ParsedFields(R"(bb=1,a\\=2)", key_size).error->code, LineErrorCode::kKeyTooLong);
  EXPECT_EQ(ParsedFields(R"(a\\=2,bb=1)", key_size).error->code, LineErrorCode::kInvalidFieldKey);
}

}  // namespace
}  // namespace fluxgate::influx
