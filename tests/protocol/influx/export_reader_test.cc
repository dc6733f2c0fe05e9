#include "protocol/influx/export_reader.h"

#include "tests/protocol/influx/read_cut.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace fluxgate::influx {
namespace {

std::string Read(std::string_view input) {
  return ReadCut<ExportReader>([] { return ExportReader(ReaderOptions()); }, input,
                               [](const ExportReader& reader) {
                                 return "<" + reader.database() + "/" + reader.retention_policy() +
                                        "> ";
                               });
}

TEST(ExportReader, HeaderAndLines) {
  EXPECT_EQ(Read("# INFLUXDB EXPORT: 1677-09-21T00:12:43Z - 2262-04-11T23:47:16Z\n"
                 "# DDL\n"
                 "CREATE DATABASE foo WITH NAME autogen\n"
                 "CREATE DATABASE \"a=b\"\n"
                 "# DML\n"
                 "# CONTEXT-DATABASE:foo\n"
                 "# CONTEXT-RETENTION-POLICY:autogen\n"
                 "# writing tsm data\n"
                 "cpu,host=a v=1 1700000000000000000\n"
                 "bad\n"
                 "\n"
                 "# CONTEXT-DATABASE: bar \r\n"
                 "cpu v=\"x\n# CONTEXT-DATABASE:no\n\" 1700000000000000001"),
            "<foo/autogen> 9: cpu,host=a v=1 1700000000000000000\n"
            "10,4: !missing fields\n"
            "<bar/> 13: cpu v=\"x\n# CONTEXT-DATABASE:no\n\" 1700000000000000001\n");
}

TEST(ExportReader, WithoutStatements) {
  EXPECT_EQ(Read("# DML\n# CONTEXT-DATABASE:d\nm v=1 1700000000000000000\n"),
            "<d/> 3: m v=1 1700000000000000000\n");
}

TEST(ExportReader, CommentsNeedNoMemory) {
  ExportReader reader{ReaderOptions()};
  std::string input;
  for (int i = 0; i < 1000; ++i) {
    input += "# comment\n";
  }
  input += "# incom";
  reader.SetInput(input, false);
  EXPECT_EQ(reader.Next(), LineReader::Result::kNeedMore);
  EXPECT_EQ(reader.consumed(), 10'000U);
}

TEST(ExportReader, HeaderBehindALineOfManyFields) {
  ReaderOptions options;
  options.fields_max = 1024;
  std::string first = "# DML\n# CONTEXT-DATABASE: a\nm ";
  for (int i = 0; i < 4000; ++i) {
    first += "f" + std::to_string(i) + "=1,";
  }
  first.back() = '\n';
  first += "#xxx";
  ExportReader reader(options);
  reader.SetInput(first, false);
  size_t fields = 0;
  while (reader.Next() == LineReader::Result::kPoint) {
    EXPECT_EQ(reader.database(), "a");
    fields += reader.point().fields.size();
  }
  EXPECT_EQ(fields, 4000U);
  const std::string second = first.substr(reader.consumed()) + "\n# CONTEXT-DATABASE: b\nm v=1";
  reader.SetInput(second, true);
  ASSERT_EQ(reader.Next(), LineReader::Result::kPoint);
  EXPECT_EQ(reader.database(), "b");
  EXPECT_EQ(reader.point().line_number, 6U);
}

TEST(ExportReader, HeaderInTheSameInputAsALineOfManyFields) {
  ReaderOptions options;
  options.fields_max = 1;
  ExportReader reader(options);
  reader.SetInput("# CONTEXT-DATABASE: a\nm a=1,b=2,c=3\n# CONTEXT-DATABASE: b\nm v=1", false);
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(reader.Next(), LineReader::Result::kPoint);
    EXPECT_EQ(reader.database(), "a");
  }
}

TEST(ExportReader, CommentsAndStatementsOfAnyLength) {
  ReaderOptions options;
  options.max_line_size = 64;
  const std::string input = "# " + std::string(100, 'x') + "\n# CONTEXT-DATABASE:a" +
                            std::string(100, 'x') +
                            "\n# CONTEXT-DATABASE:b\n# DDL\nCREATE DATABASE " +
                            std::string(100, 'x') + "\nx\n# DML\nm v=1 1700000000000000000\n";
  EXPECT_EQ(
      ReadCut<ExportReader>([&] { return ExportReader(options); }, input,
                            [](const ExportReader& reader) { return reader.database() + " "; }),
      "2,1: !max length of a database or retention policy name exceeded: 65 > 255\n"
      "b 8: m v=1 1700000000000000000\n");
}

// Its points belong nowhere else.
TEST(ExportReader, ANameThatIsTooLong) {
  const std::string error = "1: !max length of a database or retention policy name exceeded: ";
  const std::string name(ExportReader::kNameSizeMax, 'x');
  EXPECT_EQ(Read("# CONTEXT-DATABASE:" + name + "\nm v=1\n# CONTEXT-DATABASE:" + name +
                 "yz\nm v=2\n# CONTEXT-RETENTION-POLICY:r\nbad\nm v=3\n# CONTEXT-DATABASE:d\n"
                 "m v=4\n# CONTEXT-RETENTION-POLICY:" +
                 name + "z\nm v=5\n# CONTEXT-RETENTION-POLICY:r\nm v=6\n"),
            "<" + name + "/> 2: m v=1\n" +       //
                "3," + error + "257 > 255\n" +   //
                "4," + error + "257 > 255\n" +   //
                "6,4: !missing fields\n" +       //
                "7," + error + "257 > 255\n" +   //
                "<d/> 9: m v=4\n" +              //
                "10," + error + "256 > 255\n" +  //
                "11," + error + "256 > 255\n" +  //
                "<d/r> 13: m v=6\n");
}

TEST(ExportReader, ALineOfManyFieldsInAPlaceWithoutANameIsOneError) {
  ReaderOptions options;
  options.fields_max = 1;
  ExportReader reader(options);
  const std::string name(256, 'x');
  EXPECT_EQ(
      ReadText<ExportReader>(
          &reader, "# CONTEXT-DATABASE:" + name + "\nm a=1,b=2,c=3\n# CONTEXT-DATABASE:d\nm a=1\n",
          {}),
      "1,1: !max length of a database or retention policy name exceeded: 256 > 255\n"
      "2,1: !max length of a database or retention policy name exceeded: 256 > 255\n"
      "4: m a=1\n");
}

TEST(ExportReader, ManyStatementsAreReadInOnePass) {
  std::string input;
  for (int i = 0; i < 100'000; ++i) {
    input += i % 2 == 0 ? "# DDL\nx\n" : "# DML\nm v=1\n";
  }
  ExportReader reader{ReaderOptions()};
  reader.SetInput(input, true);
  size_t points = 0;
  while (reader.Next() == LineReader::Result::kPoint) {
    ++points;
  }
  EXPECT_EQ(points, 50'000U);
}

TEST(StartsExport, ByItsHeaderLines) {
  EXPECT_TRUE(StartsExport("\n# a comment\r\n# DDL\r\n"));
  EXPECT_TRUE(StartsExport("# INFLUXDB EXPORT: x"));
  EXPECT_TRUE(StartsExport("# CONTEXT-DATABASE:x\ncpu v=1"));
  EXPECT_FALSE(StartsExport("# DDLX\ncpu v=1\n# DDL\n"));
  EXPECT_FALSE(StartsExport("cpu v=1"));
  EXPECT_FALSE(StartsExport(""));
}

}  // namespace
}  // namespace fluxgate::influx
