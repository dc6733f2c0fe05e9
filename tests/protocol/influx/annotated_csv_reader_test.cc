#include "protocol/influx/annotated_csv_reader.h"

#include "tests/protocol/influx/read_cut.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace fluxgate::influx {
namespace {

std::string Read(std::string_view input, ReaderOptions options = {}) {
  return ReadCut<AnnotatedCsvReader>([&] { return AnnotatedCsvReader(options); }, input);
}

TEST(AnnotatedCsvReader, QueryResultOfTwoBlocks) {
  EXPECT_EQ(
      Read("#group,false,false,true,true,false,false,true,true,true\r\n"
           "#datatype,string,long,dateTime:RFC3339,dateTime:RFC3339,dateTime:RFC3339,double,string,"
           "string,string\r\n"
           "#default,_result,,,,,,,,\r\n"
           ",result,table,_start,_stop,_time,_value,_field,_measurement,host\r\n"
           ",,0,2020-01-01T00:00:00Z,2020-01-02T00:00:00Z,2020-01-01T00:00:01.5Z,1.25,usage,cpu,a "
           "b\r\n"
           "\r\n"
           "#datatype,string,long,dateTime:RFC3339Nano,long,string,string\r\n"
           "#group,false,false,false,false,true,true\r\n"
           "#default,,,,,,\r\n"
           ",result,table,_time,_value,_field,_measurement\r\n"
           ",,1,2020-01-01T02:00:00+02:00,7,count,\"say \"\"hi\"\",\nyou\"\r\n"),
      "5: cpu,host=a\\ b usage=1.25 1577836801500000000\n"
      "11: say\\ \"hi\"\\,\nyou count=7i 1577836800000000000\n");
}

TEST(AnnotatedCsvReader, QueryResultWithoutAnnotations) {
  EXPECT_EQ(Read(",result,table,_time,_value,_field,_measurement,host\n"
                 ",_result,0,2020-01-01T00:00:00Z,1,v,m,a\n"
                 "\n"
                 ",result,table,_time,_value,_field,_measurement,dc\n"
                 ",_result,0,2020-01-01T00:00:00Z,2,v,m,b\n"),
            "2: m,host=a v=1 1577836800000000000\n"
            "5: m,dc=b v=2 1577836800000000000\n");
}

TEST(AnnotatedCsvReader, PivotedResultHasFieldsByName) {
  EXPECT_EQ(Read("#group,false,false,false,true,true,false,false\n"
                 "#datatype,string,long,dateTime:RFC3339,string,string,double,string\n"
                 ",result,table,_time,_measurement,host,user,note\n"
                 ",,0,2020-01-01T00:00:00Z,cpu,a,3.5,busy\n"),
            "4: cpu,host=a user=3.5,note=\"busy\" 1577836800000000000\n");
}

TEST(AnnotatedCsvReader, ExtendedTypes) {
  EXPECT_EQ(
      Read("#datatype measurement,tag,double,long,unsignedLong,boolean,string,duration,ignored,"
           "dateTime:number\n"
           "m,host,d,l,u,b,s,t,x,time\n"
           "cpu,a,1.5,-3,4,yes,\"q\"\"x\\\",1h30m,nothing,1700000000\n"
           "cpu,,,7.9,,,,,,\n"),
      "3: cpu,host=a d=1.5,l=-3i,u=4u,b=true,s=\"q\\\"x\\\\\",t=5400000000000i "
      "1700000000000000000\n"
      "4: cpu l=7i\n");
}

TEST(AnnotatedCsvReader, TypesInTheHeaderAndDefaults) {
  EXPECT_EQ(Read("m|measurement,host|tag|unknown,usage|double,time|dateTime:2006-01-02\n"
                 "cpu,,1,2020-02-29\n"),
            "2: cpu,host=unknown usage=1 1582934400000000000\n");
}

TEST(AnnotatedCsvReader, ConstantConcatTimezoneAndSeparator) {
  EXPECT_EQ(Read("\xEF\xBB\xBFsep=;\n"
                 "#constant measurement;cpu\n"
                 "#constant;tag;dc;west;;\n"
                 "#concat tag;who;${first}-${last}\n"
                 "#timezone +0200\n"
                 "#datatype ignored;ignored;double:,.;dateTime:02.01.2006 15:04\n"
                 "first;last;v;when\n"
                 "a;b;1.234,5;31.12.2020 23:30\n"),
            "8: cpu,dc=west,who=a-b v=1234.5 1609450200000000000\n");
}

// One piece, for inputs that are too large to be cut everywhere.
std::string ReadWhole(std::string_view input, size_t max_line_size = size_t{1} << 20) {
  ReaderOptions options;
  options.max_line_size = max_line_size;
  AnnotatedCsvReader reader(options);
  return ReadText<AnnotatedCsvReader>(&reader, input, {});
}

TEST(AnnotatedCsvReader, ConcatsOfALimitedSize) {
  std::string pattern;
  for (int i = 0; i < 10; ++i) {
    pattern += "${a}";
  }
  const std::string input = "#constant measurement,m\n#concat,string,s," + pattern +
                            "\na|string\n" + std::string(10, 'x') + "\n" + std::string(11, 'x') +
                            "\n";
  EXPECT_EQ(ReadWhole(input, 100), "4: m a=\"xxxxxxxxxx\",s=\"" + std::string(100, 'x') +
                                       "\"\n"
                                       "5,1: !max line size exceeded: 110 > 100\n");
}

TEST(AnnotatedCsvReader, FieldKeyFromAConcatOutlivesOthers) {
  const std::string key(40, 'k');
  const std::string tag(300, 'y');
  EXPECT_EQ(ReadWhole("#constant measurement,m\n#concat,tag,t," + tag +
                      "\n#concat,string,_field,${a}\n#concat,double,_value,1\n"
                      "#datatype ignored,dateTime:number\na,_time\n" +
                      key + ",1700000000\n"),
            "7: m,t=" + tag + " " + key + "=1 1700000000000000000\n");
}

TEST(AnnotatedCsvReader, ConstantsOfALimitedNumberAndSize) {
  std::string input = "#constant measurement,m\n";
  for (int i = 0; i < 1024; ++i) {
    input += "#constant,ignored,b,c\n";
  }
  input += "v|double\n1\n";
  EXPECT_EQ(ReadWhole(input), "1025,1: !" + Reason([] {
                                LineError error;
                                error.code = LineErrorCode::kInvalidCsvAnnotation;
                                error.token = "ignored";
                                return error;
                              }()) +
                                  "\n1027: m v=1\n");
  const std::string large = "#constant,tag,a," + std::string(60, 'x') + "\n#constant,tag,b," +
                            std::string(60, 'x') + "\nm|measurement,v|double\nm,1\n";
  EXPECT_TRUE(ReadWhole(large, 100).starts_with("2,1: !"));
}

TEST(AnnotatedCsvReader, ConstantsAndDefaultsAreNoLongerThanASeriesKey) {
  const std::string text(40'000, 'x');
  const std::string constant = "#constant measurement,m\n#constant,tag,a," + text + "\n";
  EXPECT_TRUE(ReadWhole(constant + "v|double\n1\n").starts_with("4: m,a=xx"));
  EXPECT_TRUE(ReadWhole(constant + "#constant,tag,b," + text + "\nv|double\n1\n")
                  .starts_with("3,1: !invalid CSV annotation: \"tag\"\n5: m,a=xx"));
  // The header goes without the default.
  EXPECT_TRUE(ReadWhole(constant + "v|double,b|tag|" + text + ",c|tag|d\n1\n")
                  .starts_with("3,10: !invalid CSV annotation: \"b|tag|xx"));
  const std::string rest = ReadWhole(constant + "v|double,b|tag|" + text + ",c|tag|d\n1\n");
  EXPECT_TRUE(rest.ends_with("xx,c=d v=1\n"));
  EXPECT_EQ(rest.find(",b="), std::string::npos);
}

TEST(AnnotatedCsvReader, DefaultsOfALimitedNumber) {
  std::string input = "m|measurement|m,v|double|1";
  for (size_t i = 0; i < AnnotatedCsvBlock::kFilledMax; ++i) {
    input += ",f" + std::to_string(i) + "|long|7";
  }
  const std::string text = ReadWhole(input + "\n,2\n");
  EXPECT_NE(text.find("!invalid CSV annotation: \"f1022|long|7\"\n2: m v=2,f0=7i,"),
            std::string::npos);
  EXPECT_TRUE(text.ends_with(",f1021=7i\n"));
}

TEST(AnnotatedCsvReader, CountsWhatRowsAreMadeInto) {
  const auto made = [](std::string_view input) {
    AnnotatedCsvReader reader{ReaderOptions()};
    ReadText<AnnotatedCsvReader>(&reader, input, {});
    return reader.made_size();
  };
  const std::string text(10'000, 'x');
  const std::string header = "#constant measurement,m\n#constant,tag,a," + text + "\nv|double\n";
  const uint64_t of_header = made(header);
  EXPECT_GT(of_header, 10'000U);
  EXPECT_GT(made(header + "1\n1\n"), of_header + 20'000);
  EXPECT_GT(made("#constant measurement,m\n#concat,tag,t,${v}${v}${v}\nv|string\n" + text + "\n"),
            60'000U);
}

TEST(AnnotatedCsvReader, CellsOfALimitedNumber) {
  const std::string cells(4096, ',');
  EXPECT_EQ(ReadWhole("m|measurement,v|double\n" + cells + "\nm,1\n"),
            "2,1: !" + Reason([] {
              LineError error;
              error.code = LineErrorCode::kTooManyCells;
              return error;
            }()) +
                "\n3: m v=1\n");
}

TEST(AnnotatedCsvReader, ShortRowsHaveDefaults) {
  EXPECT_EQ(Read("m|measurement,x|double,v|double|2,h|tag|a\nm\nm,1\n"),
            "2: m,h=a v=2\n3: m,h=a x=1,v=2\n");
}

TEST(AnnotatedCsvReader, ByteOrderMarkBeforeAnyRow) {
  EXPECT_EQ(Read("\xEF\xBB\xBFm|measurement,v|double\na,1\n"), "2: a v=1\n");
  EXPECT_EQ(Read("\xEF\xBB\xBF\"#datatype measurement\",double\nm,v\na,1\n"), "3: a v=1\n");
  EXPECT_EQ(Read("\xEF\xBB\xBF\r\n#datatype measurement,double\nm,v\na,1\n"), "4: a v=1\n");
}

TEST(AnnotatedCsvReader, StrictLongAndOwnBooleans) {
  EXPECT_EQ(Read("#datatype measurement,\"long:strict,.\",\"boolean:y,Y:n,N\"\n"
                 "m,l,b\n"
                 "a,1.000,Y\n"
                 "a,\"1,5\",n\n"
                 "a,1,maybe\n"),
            "3: a l=1000i,b=true\n"
            "4,3: !invalid value: \"1,5\"\n"
            "5,5: !invalid value: \"maybe\"\n");
}

TEST(AnnotatedCsvReader, BadRowsAreToldAndTheOthersKept) {
  EXPECT_EQ(Read("#datatype measurement,tag,double,dateTime\n"
                 "m,t,v,time\n"
                 "a,x,one,1\n"
                 "a,x,1,yesterday\n"
                 ",x,1,\n"
                 "a,x,,\n"
                 "a,x,1,,extra\n"
                 "a,\"x\"y,1,\n"
                 "a,x,NaN,\n"
                 "a,x,2,\n"),
            "3,5: !invalid value: \"one\"\n"
            "4,7: !bad timestamp\n"
            "5,6: !missing measurement\n"
            "6,6: !missing fields\n"
            "7,8: !more cells than columns\n"
            "8,1: !invalid quotes in CSV\n"
            "9,5: !invalid value: \"NaN\"\n"
            "10: a,t=x v=2\n");
}

TEST(AnnotatedCsvReader, BadAnnotations) {
  EXPECT_EQ(Read("#datatype measurement,dubble\n#timezone Local\n#constant tag\n# a comment\n"
                 "m|measurement,v|dubble\nm|measurement,v|double\na,1\n"),
            "1,23: !invalid CSV annotation: \"dubble\"\n"
            "2,1: !invalid CSV annotation: \"Local\"\n"
            "3,1: !invalid CSV annotation: \"tag\"\n"
            "5,15: !invalid CSV annotation: \"v|dubble\"\n"
            "7: a v=1\n");
}

TEST(AnnotatedCsvReader, RowTooLong) {
  ReaderOptions options;
  options.max_line_size = 30;
  EXPECT_EQ(Read("m|measurement,v|double\na,\"" + std::string(100, 'x') + "\nb,2\n", options),
            "2,1: !max line size exceeded: 32 > 30\n3: b v=2\n");
}

TEST(AnnotatedCsvReader, NumbersWithoutAUnitAndWithOne) {
  ReaderOptions options;
  options.precision = Precision::kSecond;
  EXPECT_EQ(Read("m|measurement,v|double,time|dateTime:number\na,1,5\n", options),
            "2: a v=1 5000000000\n");
}

TEST(StartsAnnotatedCsv, ByAnnotationsSeparatorOrHeader) {
  for (const std::string_view head :
       {"#datatype measurement,tag", "#group,false", "\n #default,,", "#constant tag,a,b", "sep=;",
        "sep=,\r\n", "\xEF\xBB\xBF#timezone +0100",
        ",result,table,_time,_value,_field,_measurement\n", "m|measurement,v|double\n",
        "\"#group\",\"false\""}) {
    EXPECT_TRUE(StartsAnnotatedCsv(head)) << head;
  }
  for (const std::string_view head :
       {"", "# group of lines\ncpu v=1", "#grouped", "cpu,host=a v=1", "_measurement,_value=1 x=2",
        "Mem: 1 2 3", "logs,h=a msg=\"x|measurement y\",v=1", "m|measurements,v",
        "sep=1,host=a v=2", "sep=", "sep=\n"}) {
    EXPECT_FALSE(StartsAnnotatedCsv(head)) << head;
  }
}

}  // namespace
}  // namespace fluxgate::influx
