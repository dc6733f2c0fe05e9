// Answers to queries against what InfluxDB 1.6.7 answered to the same, after the same writes.
#include "bridge/ingest/query.h"

#include "bridge/ingest/query_pattern.h"

#include "tests/bridge/cache/pipeline.h"
#include "tests/protocol/influx/corpus.h"

#include <absl/strings/str_format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <charconv>
#include <iterator>
#include <string>
#include <string_view>

namespace fluxgate {
namespace {

using influx::Text;

std::string UrlEncode(std::string_view text) {
  std::string encoded;
  for (const char byte : text) {
    encoded += absl::StrFormat("%%%02X", static_cast<unsigned char>(byte));
  }
  return encoded;
}

PipelineOptions AnyAge() {
  PipelineOptions options;
  options.cache.sample_age_max_ns = 0;
  return options;
}

class Query : public testing::Test {
 protected:
  Reply Ask(std::string_view method, std::string_view params, std::string_view q,
            std::string_view accept = "") {
    const std::string url = std::string(params) + "&q=" + UrlEncode(q);
    return AnswerQuery(
        {url, "", ""}, accept, method == "GET",
        {&pipeline_.cache, &pipeline_.ingest.query_catalog(), "1.6.7~rc0", pipeline_.clock.Read()});
  }

  std::string Get(std::string_view q) { return Ask("GET", "db=d1", q).body; }
  std::string Post(std::string_view q) { return Ask("POST", "db=d1", q).body; }

  Pipeline pipeline_{AnyAge()};
};

// In the table, `ours` is our body where it differs: the full names of SELECT INTO in warnings,
// grants, the order of databases, hours in a duration.
TEST_F(Query, AnswersAsInfluxDb) {
  Post("CREATE DATABASE d1; CREATE DATABASE z");
  pipeline_.Write(
      "cpu,host=a,region=eu usage=1.5,idle=3 1700000000000000000\n"
      "cpu,host=b,region=eu usage=2.5,idle=4,x=7 1700000000000000001\n"
      "mem,host=a used=12345678901,free=1e-7 1700000000000000000\n"
      "mem,host=b,t=q\\,\\ r big=1e22,small=123456.789 1700000000123000000\n"
      "disk,host=a,disk=9 disk=1 1700000000000000000",
      "d1");
  size_t count = 0;
  size_t differences = 0;
  for (const boost::json::object& row :
       influx::ReadJsonLines(influx::CorpusPath("query_answers.jsonl"))) {
    const Reply reply =
        Ask(Text(row, "method"), Text(row, "params"), Text(row, "q"), Text(row, "accept"));
    EXPECT_EQ(reply.status, row.at("status").as_int64()) << Text(row, "q");
    EXPECT_EQ(reply.content_type, Text(row, "type")) << Text(row, "q");
    EXPECT_EQ(reply.body, Text(row, row.contains("ours") ? "ours" : "body")) << Text(row, "q");
    differences += row.contains("ours") ? 1 : 0;
    ++count;
  }
  EXPECT_GT(count, 250U);
  EXPECT_LE(differences, 6U);
}

TEST_F(Query, ParseErrorsAreInfluxDbs) {
  for (const boost::json::object& row :
       influx::ReadJsonLines(influx::CorpusPath("influxql_errors.jsonl"))) {
    const std::string error = Text(row, row.contains("ours") ? "ours" : "error");
    const Reply reply = Ask("GET", "db=none", Text(row, "query"));
    EXPECT_EQ(reply.status, error.empty() ? 200 : 400) << Text(row, "query");
    if (!error.empty()) {
      EXPECT_EQ(reply.body, "{\"error\":" + JsonString("error parsing query: " + error) + "}\n");
    }
  }
}

TEST_F(Query, NothingIsDoneWhenOneStatementIsWrong) {
  EXPECT_EQ(Ask("POST", "", "CREATE DATABASE a; BOGUS").status, 400);
  EXPECT_EQ(Ask("POST", "", "CREATE DATABASE a; SHOW TAG KEYS FROM /(/").status, 400);
  EXPECT_TRUE(pipeline_.cache.databases().Names().empty());
}

TEST_F(Query, AfterAnErrorNothingIsExecuted) {
  EXPECT_EQ(Post("SHOW TAG KEYS ON nope; CREATE DATABASE a"),
            "{\"results\":[{\"statement_id\":0,\"error\":\"database not found: nope\"},"
            "{\"statement_id\":1,\"error\":\"not executed\"}]}\n");
  EXPECT_TRUE(pipeline_.cache.databases().Names().empty());
}

TEST_F(Query, NamesAreThoseOfTheCache) {
  pipeline_.Write("my\\ m,a-b=c field-1=1,b=true 1700000000000000000", "d1");
  const std::string rows =
      "{\"results\":[{\"statement_id\":0,\"series\":[{\"name\":\"my_m\",\"columns\":[\"time\","
      "\"a_b\",\"b\",\"field-1\"],\"values\":[[\"2023-11-14T22:13:20Z\",\"c\",1,1]]}]}]}\n";
  EXPECT_EQ(Get("SELECT * FROM \"my m\""), rows);
  EXPECT_EQ(Get("SELECT * FROM my_m WHERE \"a-b\" = 'c'"), rows);
}

std::string Results(std::string_view series) {
  return "{\"results\":[{\"statement_id\":0" +
         (series.empty() ? "" : ",\"series\":[" + std::string(series) + "]") + "}]}\n";
}

TEST_F(Query, CardinalitiesAreCounted) {
  pipeline_.Write("a,x=1,y=1 f=1,g=1\na,x=2,y=1 f=1\nb,x=1 f=1", "d1");
  EXPECT_EQ(Get("SHOW SERIES CARDINALITY"),
            Results(R"({"columns":["cardinality estimation"],"values":[[3]]})"));
  EXPECT_EQ(Get("SHOW SERIES EXACT CARDINALITY"),
            Results(R"({"name":"a","columns":["count"],"values":[[2]]},)"
                    R"({"name":"b","columns":["count"],"values":[[1]]})"));
  EXPECT_EQ(Get("SHOW MEASUREMENT EXACT CARDINALITY WHERE y = '1'"),
            Results(R"({"columns":["count"],"values":[[1]]})"));
  EXPECT_EQ(Get("SHOW TAG KEY CARDINALITY"),
            Results(R"({"name":"a","columns":["count"],"values":[[2]]},)"
                    R"({"name":"b","columns":["count"],"values":[[1]]})"));
  EXPECT_EQ(Get("SHOW FIELD KEY CARDINALITY FROM a"),
            Results(R"({"name":"a","columns":["count"],"values":[[2]]})"));
  // Values, however many keys have them.
  EXPECT_EQ(Get("SHOW TAG VALUES CARDINALITY FROM a WITH KEY IN (x, y)"),
            Results(R"({"name":"a","columns":["count"],"values":[[2]]})"));
  EXPECT_EQ(Get("SHOW SERIES EXACT CARDINALITY GROUP BY x"), Results(""));
}

TEST_F(Query, AnUnknownDatabaseHasAnEstimation) {
  EXPECT_EQ(Get("SHOW SERIES CARDINALITY ON none"),
            Results(R"({"columns":["cardinality estimation"],"values":[[0]]})"));
  EXPECT_THAT(Get("SHOW SERIES EXACT CARDINALITY ON none"),
              testing::HasSubstr("database not found: none"));
}

TEST_F(Query, NamesStandForParameters) {
  pipeline_.Write("m,host=a v=1 1700000000000000000\nm,host=b v=2 1700000000000000000", "d1");
  const auto ask = [&](std::string_view parameters) {
    return Ask("GET", "db=d1&params=" + UrlEncode(parameters), "SELECT v FROM m WHERE host = $h")
        .body;
  };
  EXPECT_EQ(
      ask(R"({"h":"b"})"),
      Results(R"({"name":"m","columns":["time","v"],"values":[["2023-11-14T22:13:20Z",2]]})"));
  EXPECT_EQ(ask("{}"), "{\"error\":\"error parsing query: missing parameter: h\"}\n");
  EXPECT_EQ(Ask("GET", "db=d1&params=[]", "SHOW DATABASES").status, 400);
}

TEST_F(Query, WhatHasExpiredIsGone) {
  pipeline_.Write("m v=1", "d1");
  EXPECT_THAT(Get("SHOW MEASUREMENTS"), testing::HasSubstr("[[\"m\"]]"));
  pipeline_.clock.Advance(int64_t{301} * 1'000'000'000);
  EXPECT_EQ(Get("SHOW MEASUREMENTS"), "{\"results\":[{\"statement_id\":0}]}\n");
  EXPECT_EQ(Get("SELECT * FROM m"), "{\"results\":[{\"statement_id\":0}]}\n");
}

TEST_F(Query, WhatOthersWroteIsNotShown) {
  pipeline_.Write("m v=1", "d1");
  pipeline_.Write("n v=1", "d2");
  EXPECT_THAT(Get("SHOW MEASUREMENTS"), testing::HasSubstr("[[\"m\"]]"));
  EXPECT_THAT(Get("SHOW MEASUREMENTS ON d2"), testing::HasSubstr("[[\"n\"]]"));
  EXPECT_EQ(Get("SELECT * FROM n"), "{\"results\":[{\"statement_id\":0}]}\n");
}

TEST_F(Query, ADroppedDatabaseComesBackWithAWrite) {
  pipeline_.Write("m v=1", "d1");
  Post("DROP DATABASE d1");
  EXPECT_THAT(Get("SHOW TAG KEYS"), testing::HasSubstr("database not found: d1"));
  pipeline_.Write("m v=1", "d1");
  EXPECT_THAT(Get("SHOW MEASUREMENTS"), testing::HasSubstr("[[\"m\"]]"));
}

TEST_F(Query, ValuesOfOtherTimesAreRowsOfTheirOwn) {
  pipeline_.Write("m a=1 1700000000000000000\nm b=2 1700000001000000000", "d1");
  EXPECT_THAT(Get("SELECT * FROM m"),
              testing::HasSubstr("[[\"2023-11-14T22:13:20Z\",1,null],[\"2023-11-14T22:13:21Z\","
                                 "null,2]]"));
}

TEST_F(Query, WhatIsNotUnderstoodIsEmpty) {
  pipeline_.Write("m,t=a v=1", "d1");
  for (const std::string_view q :
       {"SELECT mean(v) FROM m", "SELECT v + 1 FROM m", "SELECT v FROM m GROUP BY t",
        "SELECT v FROM m WHERE v > 0", "SELECT v FROM (SELECT v FROM m)",
        "SELECT v FROM m WHERE time > now() - 1h", "SELECT v FROM m SLIMIT 1", "SHOW STATS"}) {
    EXPECT_EQ(Get(q), "{\"results\":[{\"statement_id\":0}]}\n") << q;
  }
}

TEST_F(Query, AnswersAreBounded) {
  std::string lines;
  for (int i = 0; i < 60'000; ++i) {
    lines += absl::StrFormat("m,host=%08d-with-a-long-name v=1\n", i);
  }
  pipeline_.Write(lines, "d1");
  for (const std::string_view q :
       {"SELECT * FROM m", "SHOW SERIES", "SHOW TAG VALUES WITH KEY = host"}) {
    const std::string body = Get(q);
    EXPECT_LE(body.size(), QueryBudget::kBytesMax) << q;
    EXPECT_THAT(body, testing::EndsWith(",\"partial\":true}]}]}\n")) << q;
  }
  EXPECT_THAT(Post("SHOW SERIES; SHOW SERIES; CREATE DATABASE made"),
              testing::EndsWith(",\"partial\":true}]},"
                                "{\"statement_id\":1,\"error\":\"query is too costly\"},"
                                "{\"statement_id\":2}]}\n"));
  EXPECT_TRUE(pipeline_.cache.databases().Find("made"));
  const std::string pieces = Ask("GET", "db=d1&chunked=true&chunk_size=1", "SELECT * FROM m").body;
  EXPECT_LE(pieces.size(), 5 * QueryBudget::kBytesMax);
  EXPECT_THAT(Get("SELECT * FROM m WHERE host = '00000001-with-a-long-name'"),
              testing::HasSubstr("\"values\":[["));
}

// More points than an answer may hold, in an order of time that is not that of their names.
TEST_F(Query, OrderAndLimitComeBeforeTheSizeOfTheAnswer) {
  constexpr int kPoints = 60'000;
  std::string lines;
  for (int i = 0; i < kPoints; ++i) {
    const int time = i * 7919 % kPoints;
    lines += absl::StrFormat("m,host=%08d-with-a-long-name v=%d 1700000000%09d\n", i, time, time);
  }
  pipeline_.Write(lines, "d1");
  EXPECT_THAT(Get("SELECT v FROM m ORDER BY time DESC LIMIT 2"),
              testing::EndsWith("\"values\":[[\"2023-11-14T22:13:20.000059999Z\",59999],"
                                "[\"2023-11-14T22:13:20.000059998Z\",59998]]}]}]}\n"));
  EXPECT_THAT(Get("SELECT v FROM m LIMIT 1 OFFSET 1"),
              testing::EndsWith("\"values\":[[\"2023-11-14T22:13:20.000000001Z\",1]]}]}]}\n"));
  // What is cut off is the end.
  const std::string newest = Get("SELECT v FROM m ORDER BY time DESC");
  EXPECT_THAT(newest, testing::HasSubstr("\"values\":[[\"2023-11-14T22:13:20.000059999Z\",59999],"
                                         "[\"2023-11-14T22:13:20.000059998Z\",59998],"));
  EXPECT_THAT(newest, testing::EndsWith(",\"partial\":true}]}]}\n"));
  EXPECT_THAT(Get("SELECT v FROM m LIMIT 1 OFFSET 59999"),
              testing::HasSubstr("\"error\":\"query is too costly\""));
}

TEST_F(Query, TheFirstMeasurementsAreKeptWhole) {
  std::string lines;
  for (int i = 0; i < 60'000; ++i) {
    lines += absl::StrFormat("%c,host=%08d-with-a-long-name v=%d 1700000000%09d\n",
                             i % 4 == 0 ? 'a' : 'b', i, i, i / 4);
  }
  pipeline_.Write(lines, "d1");
  const std::string body = Get("SELECT v FROM b, a ORDER BY time DESC");
  constexpr std::string_view kBegin =
      ",\"columns\":[\"time\",\"v\"],\"values\":[["
      "\"2023-11-14T22:13:20.000014999Z\",";
  EXPECT_THAT(body, testing::HasSubstr("{\"name\":\"a\"" + std::string(kBegin) + "59996]"));
  EXPECT_THAT(body, testing::HasSubstr("[\"2023-11-14T22:13:20Z\",0]]}"));
  EXPECT_THAT(body, testing::HasSubstr("{\"name\":\"b\"" + std::string(kBegin) + "59997]"));
  EXPECT_THAT(body, testing::EndsWith(",\"partial\":true}]}]}\n"));
}

TEST_F(Query, OnlyPointsOfTheFieldsThatAreSelectedCountForALimit) {
  pipeline_.Write("m,t=a v=1 1700000000000000000\nm,t=a w=2 1700000000000000001", "d1");
  EXPECT_THAT(Get("SELECT v FROM m ORDER BY time DESC LIMIT 1"),
              testing::HasSubstr("\"values\":[[\"2023-11-14T22:13:20Z\",1]]"));
}

TEST_F(Query, ColumnsOfEachSeriesArePaidFor) {
  std::string lines;
  for (int i = 0; i < 1000; ++i) {
    lines += absl::StrFormat("m%d a=1\n", i);
  }
  pipeline_.Write(lines, "d1");
  const std::string body = Get("SELECT a AS \"" + std::string(30'000, '<') + "\" FROM /./");
  EXPECT_LE(body.size(), QueryBudget::kBytesMax);
  EXPECT_THAT(body, testing::EndsWith(",\"partial\":true}]}]}\n"));
}

TEST_F(Query, NamesThatRowsRepeatArePaidFor) {
  const std::string name(1500, 'n');
  std::string lines;
  for (int i = 0; i < 4000; ++i) {
    lines += absl::StrFormat("%s,t=%d v=1\n", name, i);
  }
  pipeline_.Write(lines, "d1");
  const std::string body = Ask("GET", "db=d1", "SHOW TAG VALUES WITH KEY = t", "text/csv").body;
  EXPECT_LE(body.size(), QueryBudget::kBytesMax);
  EXPECT_GE(body.size(), QueryBudget::kBytesMax / 2);
}

TEST_F(Query, DigitsArePaidFor) {
  std::string lines;
  for (int i = 0; i < 2000; ++i) {
    lines += absl::StrFormat("m,t=%d", i);
    for (int field = 0; field < 20; ++field) {
      lines += absl::StrFormat("%cf%d=-1.2345678901234567e-300", field == 0 ? ' ' : ',', field);
    }
    lines += '\n';
  }
  pipeline_.Write(lines, "d1");
  const std::string body = Ask("GET", "db=d1", "SELECT * FROM m", "text/csv").body;
  EXPECT_LE(body.size(), QueryBudget::kBytesMax);
  EXPECT_GE(body.size(), QueryBudget::kBytesMax / 2);
}

// A thousand fields of a row are not one slot.
TEST_F(Query, WideRowsArePaidFor) {
  std::string fields = "f0=1";
  for (int i = 1; i < 6000; ++i) {
    fields += absl::StrFormat(",f%d=1", i);
  }
  std::string lines;
  for (int i = 0; i < 100; ++i) {
    lines += absl::StrFormat("m,t=%d %s\n", i, fields);
  }
  pipeline_.Write(lines, "d1");
  const auto repeated = [](std::string_view statement) {
    std::string q;
    for (size_t i = 0; i < kQueryStatementsMax; ++i) {
      q += std::string(statement) + ";";
    }
    return q;
  };
  EXPECT_THAT(Get(repeated("SELECT f0 FROM m")), testing::HasSubstr("too costly"));
  // What the tags rule out need not be looked at.
  EXPECT_THAT(Get(repeated("SELECT f0 FROM m WHERE t = 'none'")),
              testing::Not(testing::HasSubstr("too costly")));
}

TEST_F(Query, NamesOfFieldsEndWithTheBudget) {
  std::string lines;
  for (int line = 0; line < 6; ++line) {
    lines += "m,t=1 f0=1";
    for (int i = 0; i < 15'000; ++i) {
      lines += absl::StrFormat(",a-field-with-a-name-of-some-length-%d-%d=1", line, i);
    }
    lines += '\n';
  }
  pipeline_.Write(lines, "d1");
  EXPECT_THAT(Get("SELECT * FROM m"), testing::HasSubstr("too costly"));
  EXPECT_THAT(Get("SELECT f0 FROM m"), testing::HasSubstr("[\"time\",\"f0\"]"));
}

// What is selected is looked for by hash: each of many names in each of many fields would be 10 s.
TEST_F(Query, ManyNamesOfManyFieldsAreSelected) {
  std::string line = "m,t=1 f0=1";
  for (int i = 1; i < 80'000; ++i) {
    line += absl::StrFormat(",f%d=1", i);
  }
  pipeline_.Write(line, "d1");
  std::string q = "SELECT f7";
  while (q.size() < 60'000) {
    q += ",z";
  }
  EXPECT_THAT(Get(q + " FROM m"), testing::HasSubstr("[\"time\",\"f7\""));
}

TEST_F(Query, RegularExpressionsArePaidFor) {
  std::string lines;
  for (int i = 0; i < 2000; ++i) {
    lines += absl::StrFormat("s,t=%d%s v=1\n", i, std::string(1000, i % 2 == 0 ? 'a' : 'b'));
  }
  pipeline_.Write(lines, "d1");
  const std::string error =
      "{\"results\":[{\"statement_id\":0,\"error\":\"query is too costly\"}]}\n";
  EXPECT_EQ(Get("SHOW SERIES FROM s WHERE t =~ /(a|b)*a(a|b){500}c/"), error);
  EXPECT_EQ(Get("SELECT v FROM s WHERE t =~ /(a|b)*a(a|b){500}c/"), error);
  EXPECT_THAT(Get("SHOW SERIES FROM s WHERE t =~ /^7a*b+$/"), testing::HasSubstr("s,t=7b"));
}

TEST_F(Query, LongNameListsAreSearched) {
  pipeline_.Write("m,t=x v=1\nn,u=y v=1", "d1");
  EXPECT_THAT(Get("SHOW MEASUREMENTS"), testing::HasSubstr("[[\"m\"],[\"n\"]]"));
  EXPECT_THAT(Get("SHOW TAG KEYS FROM z,n,m,n"), testing::HasSubstr("\"name\":\"m\""));
  EXPECT_THAT(Get("SHOW TAG KEYS FROM n,z,n"), testing::Not(testing::HasSubstr("\"m\"")));
  EXPECT_THAT(Get("SHOW TAG VALUES WITH KEY IN (z,u,t,u)"), testing::HasSubstr("[[\"t\",\"x\"]]"));
  EXPECT_THAT(Get("SHOW TAG VALUES WITH KEY IN (z,u,u)"),
              testing::Not(testing::HasSubstr("\"t\"")));
}

TEST_F(Query, ConditionsHaveALimit) {
  std::string q = "SHOW SERIES WHERE t = 'x'";
  for (int i = 0; i < 255; ++i) {
    q += " OR t = 'x'";
  }
  EXPECT_EQ(Ask("GET", "db=d1", q).status, 200);
  const Reply reply = Ask("GET", "db=d1", q + " OR t = 'x' OR t = 'x'");
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, testing::HasSubstr("more than 1024 steps in a condition"));
}

TEST_F(Query, LargePatternsAreNotCompiled) {
  const auto status = [&](std::string_view pattern) {
    return Ask("GET", "db=d1", absl::StrFormat("SHOW SERIES FROM /%s/", pattern)).status;
  };
  EXPECT_EQ(status(std::string(kPatternSizeMax, 'x')), 200);
  EXPECT_EQ(status(std::string(kPatternSizeMax + 1, 'x')), 400);
  EXPECT_EQ(status("a{0,1000}"), 200);
  EXPECT_EQ(status("a{0,1000}a{2}"), 400);
  EXPECT_EQ(status("a{600}a{401,}"), 400);
  EXPECT_EQ(status("\\x{1000}\\x{1000}[{]1000"), 200);
  std::string classes;
  for (int i = 0; i < 41; ++i) {
    classes += "\\pN";
  }
  const Reply reply = Ask("GET", "db=d1", "SHOW SERIES FROM /" + classes + "/");
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, testing::HasSubstr("expression is too large"));
}

TEST_F(Query, TextAndPatternsHaveLimits) {
  std::string text = "SELECT ";
  text.resize(kQueryTextSizeMax, 'x');
  EXPECT_EQ(Ask("GET", "", text).status, 400);
  const Reply reply = Ask("GET", "", text + "x");
  EXPECT_EQ(reply.status, 413);
  EXPECT_EQ(reply.body, "{\"error\":\"Request Entity Too Large\"}\n");
  std::string patterns = "SHOW SERIES FROM /x/";
  for (size_t i = 1; i < kPatternsMax; ++i) {
    patterns += ",/x/";
  }
  EXPECT_EQ(Ask("GET", "db=d1", patterns).status, 200);
  EXPECT_EQ(Ask("GET", "db=d1", patterns + ",/x/").status, 400);
  EXPECT_EQ(Ask("GET", "db=d1", patterns + "; SHOW SERIES FROM /x/").status, 400);
}

TEST(QueryBudget, EndsWhenUsedUp) {
  QueryBudget budget;
  EXPECT_TRUE(budget.TakeSlots(QueryBudget::kSlotsMax));
  EXPECT_FALSE(budget.is_used_up());
  EXPECT_FALSE(budget.TakeSlots(1));
  EXPECT_TRUE(budget.is_used_up());
  // What was found so far can still be told.
  EXPECT_TRUE(budget.TakeText("text"));
  EXPECT_FALSE(budget.TakeText(std::string(QueryBudget::kBytesMax, 'x')));
  EXPECT_FALSE(budget.TakeText("text"));
}

TEST(QueryBudget, DigitsCostWhatCsvPrints) {
  constexpr double kNumbers[] = {0.0,
                                 1.0,
                                 -0.1,
                                 12345.678,
                                 1e22,
                                 -1.2345678901234567e-22,
                                 1e100,
                                 -1e-100,
                                 1.7e308,
                                 -5e-324,
                                 -2.2250738585072014e-308};
  for (const double number : kNumbers) {
    char digits[400];
    const auto end =
        std::to_chars(std::begin(digits), std::end(digits), number, std::chars_format::fixed);
    EXPECT_GE(QueryBudget::CellsCost(1) + QueryBudget::DigitsCost(number),
              static_cast<size_t>(end.ptr - digits))
        << number;
  }
  EXPECT_EQ(QueryBudget::DigitsCost(0.1), 0U);
  EXPECT_EQ(QueryBudget::DigitsCost(1e18), 0U);
}

}  // namespace
}  // namespace fluxgate
