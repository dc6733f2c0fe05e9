#include "protocol/influx/plain_line.h"

#include "protocol/influx/field_set.h"
#include "protocol/influx/series_key.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace fluxgate::influx {
namespace {

constexpr size_t kFieldsMax = 10;

// The line at `begin` of `bytes`, read the short way.
struct ReadLine {
  explicit ReadLine(std::string_view bytes, size_t begin = 0) {
    DelimiterIndex index;
    index.Build(bytes);
    is_plain = ReadPlainLine(index, bytes, begin, kFieldsMax, &fields, &line);
  }

  bool is_plain = false;
  std::vector<Field> fields;
  PlainLine line;
};

TEST(PlainLine, WhatWritersSendIsPlain) {
  for (const std::string_view line : {
           "m v=1\n",
           "cpu,host=a,region=eu usage_user=58i,usage_system=2u,idle=-24.5 1700000000000000000\n",
           "m a=t,b=FALSE,c=1e-3,d=.5,e=12.345678901234567890\n",
           "m s=\"\",t=\"a, b=c\",u=\"say \\\"no\\\" \\\\\",v=1 5\n",
           "a\\ b,t=x\\ y\\,z,u=c:\\d,q=\"x v=1\n",
       }) {
    const ReadLine read(line);
    ASSERT_TRUE(read.is_plain) << line;
    FieldSet careful;
    EXPECT_EQ(read.line.key_end, FindSeriesKeyEnd(line));
    const std::string_view text = line.substr(0, line.size() - 1);
    ASSERT_FALSE(ParseFieldSet(text, read.line.key_end + 1, 1, kFieldsMax, &careful));
    EXPECT_EQ(read.line.fields_end, careful.end);
    EXPECT_EQ(read.line.end, text.size());
    ASSERT_EQ(read.fields.size(), careful.fields.size());
    for (size_t i = 0; i < read.fields.size(); ++i) {
      EXPECT_EQ(read.fields[i].key, careful.fields[i].key);
      EXPECT_EQ(read.fields[i].type, careful.fields[i].type);
      EXPECT_EQ(read.fields[i].uint_value, careful.fields[i].uint_value);
      EXPECT_EQ(read.fields[i].string_value, careful.fields[i].string_value);
    }
  }
}

TEST(PlainLine, OtherLinesNeedCare) {
  const std::string wide = "m " + std::string(kSeriesKeySizeMax - kFieldKeySeparatorSize, 'f');
  for (const std::string& line : {std::string(),
                                  std::string("\n"),
                                  std::string(" m v=1\n"),
                                  std::string("#m v=1\n"),
                                  std::string("\0m v=1\n", 7),
                                  std::string("m v=1"),
                                  std::string("m v=1 5"),
                                  std::string("m\n"),
                                  std::string("m \n"),
                                  std::string("m  v=1\n"),
                                  std::string("m \tv=1\n"),
                                  std::string("m v=1\r\n"),
                                  std::string("m v=1 5 \n"),
                                  std::string("m 1\n"),
                                  std::string("m v=\n"),
                                  std::string("m =1\n"),
                                  std::string("m v=1,\n"),
                                  std::string("m v=1,,w=2\n"),
                                  std::string("m v==1\n"),
                                  std::string("m v=1x\n"),
                                  std::string("m v=yes\n"),
                                  std::string("m v=1e999\n"),
                                  std::string("m a\\ b=1\n"),
                                  std::string("m v=1\"\n"),
                                  std::string("m v=\"x\"y\n"),
                                  std::string("m v=\"x\n"),
                                  std::string("m v=\"x\n\"\n"),
                                  std::string("m v=\"x\\\n\"\n"),
                                  std::string("m v=\"x\\"),
                                  std::string("m v=\"x\""),
                                  std::string("m\\\\ v=1\n"),
                                  std::string("m\\\n v=1\n"),
                                  std::string("m\\"),
                                  std::string("m a=1,b=1,c=1,d=1,e=1,f=1,g=1,h=1,i=1,j=1,k=1\n"),
                                  wide + "=1\n"}) {
    EXPECT_FALSE(ReadLine(line).is_plain) << line.substr(0, 100);
  }
}

TEST(PlainLine, NothingBehindTheInputIsLookedAt) {
  for (const std::string_view line : {"m ", "m,t=a ", "m\\ ", "m v=\"\\", "m v=1 5\n", "m v="}) {
    // Memory that ends with the input, so that a sanitizer sees the byte behind it.
    const std::vector<char> exact(line.begin(), line.end());
    EXPECT_EQ(ReadLine(std::string_view(exact.data(), exact.size())).is_plain, line.ends_with('\n'))
        << line;
  }
}

TEST(PlainLine, LinesFollowEachOther) {
  const std::string_view bytes = "m a=1,b=\"\\\"\" 5\nn,t=1 c=2\n\no v=3";
  const ReadLine first(bytes);
  ASSERT_TRUE(first.is_plain);
  const ReadLine second(bytes, first.line.end + 1);
  ASSERT_TRUE(second.is_plain);
  ASSERT_EQ(second.fields.size(), 1);
  EXPECT_EQ(second.fields[0].key, "c");
  EXPECT_EQ(bytes.substr(second.line.end), "\n\no v=3");
  EXPECT_FALSE(ReadLine(bytes, second.line.end + 1).is_plain);
  EXPECT_FALSE(ReadLine(bytes, second.line.end + 2).is_plain);
  EXPECT_FALSE(ReadLine(bytes, bytes.size()).is_plain);
}

}  // namespace
}  // namespace fluxgate::influx
