#include "protocol/influx/bare_value.h"

#include <gtest/gtest.h>

#include <string_view>

namespace fluxgate::influx {
namespace {

bool IsBare(std::string_view text) {
  Field field;
  size_t end = 0;
  return ParseBareValue(text, 0, 1, &field, &end);
}

TEST(BareValue, Numbers) {
  const std::string_view text = "swap 0.85 165";
  Field field;
  size_t end = 0;
  ASSERT_TRUE(ParseBareValue(text, 5, 4, &field, &end));
  EXPECT_EQ(field.key, "value");
  EXPECT_EQ(field.type, FieldType::kFloat);
  EXPECT_EQ(field.float_value, 0.85);
  EXPECT_EQ(end, 9);
  EXPECT_TRUE(IsBare("-1e5"));
  EXPECT_TRUE(IsBare("17i"));
  EXPECT_TRUE(IsBare("17u\t5"));
}

TEST(BareValue, WholeWordsOnly) {
  for (const char* word : {"true", "True", "TRUE", "false", "False", "FALSE"}) {
    EXPECT_TRUE(IsBare(word)) << word;
  }
  for (const char* word : {"t", "T", "f", "F"}) {
    EXPECT_FALSE(IsBare(word)) << word;
  }
}

TEST(BareValue, NothingElse) {
  for (const char* text : {"", " 1", "a", "\"1\"", "1,2", "v=1", "1\\", "+1", "NaN", "1e400",
                           "9223372036854775808i", "0x1", "1:2"}) {
    EXPECT_FALSE(IsBare(text)) << text;
  }
}

TEST(BareValue, KeySizeLimit) {
  Field field;
  size_t end = 0;
  EXPECT_TRUE(ParseBareValue("1", 0, 65526, &field, &end));
  EXPECT_FALSE(ParseBareValue("1", 0, 65527, &field, &end));
}

}  // namespace
}  // namespace fluxgate::influx
