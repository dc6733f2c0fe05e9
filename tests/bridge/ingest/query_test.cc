#include "bridge/ingest/query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fluxgate {
namespace {

class Query : public testing::Test {
 protected:
  std::string Post(std::string_view text) { return Answer(QueryVerb::kPost, text, 200); }
  std::string Get(std::string_view text) { return Answer(QueryVerb::kGet, text, 200); }
  std::string Refuse(std::string_view text) { return Answer(QueryVerb::kPost, text, 400); }

  std::string Answer(QueryVerb verb, std::string_view text, int status) {
    const Reply reply = AnswerQuery(verb, text, &databases_);
    EXPECT_EQ(reply.status, status) << text;
    EXPECT_EQ(reply.content_type, "application/json");
    EXPECT_TRUE(reply.body.ends_with("}\n"));
    return reply.body.substr(0, reply.body.size() - 1);
  }

  DatabaseRegistry databases_{1000};
};

constexpr std::string_view kDone = R"({"results":[{"statement_id":0}]})";

TEST_F(Query, CreateDatabaseCreates) {
  EXPECT_EQ(Post(R"(CREATE DATABASE "telegraf")"), kDone);
  EXPECT_EQ(Post("create database my_db;"), kDone);
  EXPECT_EQ(Post(R"(CREATE DATABASE "x\"y; \\z" WITH DURATION 30d REPLICATION 1 NAME "rp")"),
            kDone);
  EXPECT_EQ(databases_.Names(), (std::vector<std::string>{"my_db", "telegraf", "x\"y; \\z"}));
}

TEST_F(Query, CreateDatabaseByGetIsDeprecated) {
  EXPECT_EQ(Get("CREATE DATABASE mydb"),
            R"({"results":[{"statement_id":0,"messages":[{"level":"warning","text":)"
            R"("deprecated use of 'CREATE DATABASE mydb' in a read only context, please use a )"
            R"(POST request instead"}]}]})");
  EXPECT_EQ(databases_.Names(), std::vector<std::string>{"mydb"});
}

TEST_F(Query, ShowDatabasesListsThem) {
  EXPECT_EQ(
      Get("SHOW DATABASES"),
      R"({"results":[{"statement_id":0,"series":[{"name":"databases","columns":["name"]}]}]})");
  databases_.Create("other");
  databases_.Create("a<\"b");
  databases_.Create("");
  EXPECT_EQ(Get("show  Databases ;"),
            R"({"results":[{"statement_id":0,"series":[{"name":"databases","columns":["name"],)"
            R"("values":[["a\u003c\"b"],["other"]]}]}]})");
}

TEST_F(Query, EachStatementHasAResult) {
  EXPECT_EQ(Post("CREATE DATABASE a; ;SHOW DATABASES;\nDROP DATABASE a"),
            R"({"results":[{"statement_id":0},{"statement_id":1,"series":[{"name":"databases",)"
            R"("columns":["name"],"values":[["a"]]}]},{"statement_id":2}]})");
  EXPECT_EQ(Post(";;"), R"({"results":[]})");
}

TEST_F(Query, OtherStatementsHaveAnEmptyResult) {
  for (const std::string_view text :
       {"SELECT * FROM cpu WHERE host = 'a;b'", "DELETE FROM cpu", "SHOW MEASUREMENTS", "SHOW",
        "CREATE USER u WITH PASSWORD 'p'", "CREATE", "DROP DATABASE d", "EXPLAIN SELECT 1",
        "GRANT ALL TO u", "REVOKE ALL FROM u", "ALTER RETENTION POLICY p ON d DEFAULT",
        "SET PASSWORD FOR u = 'p'", "KILL QUERY 1", "select 1"}) {
    EXPECT_EQ(Post(text), kDone) << text;
  }
  EXPECT_TRUE(databases_.Names().empty());
}

constexpr std::string_view kExpectedVerbs =
    "expected SELECT, DELETE, SHOW, CREATE, DROP, EXPLAIN, GRANT, REVOKE, ALTER, SET, KILL";

TEST_F(Query, UnknownFirstWordIsAParseError) {
  const auto error = [](std::string_view found, std::string_view place) {
    return R"({"error":"error parsing query: found )" + std::string(found) + ", " +
           std::string(kExpectedVerbs) + " at " + std::string(place) + "\"}";
  };
  EXPECT_EQ(Refuse("BOGUS"), error("BOGUS", "line 1, char 1"));
  EXPECT_EQ(Refuse("SHOW DATABASES;\n  selects 1"), error("selects", "line 2, char 3"));
  EXPECT_EQ(Refuse(R"("SHOW" DATABASES)"), error(R"(\"SHOW\")", "line 1, char 1"));
  EXPECT_EQ(Refuse("\xff"), error("\\ufffd", "line 1, char 1"));
  EXPECT_EQ(Refuse(std::string(1000, 'x')), error(std::string(64, 'x'), "line 1, char 1"));
}

TEST_F(Query, CreateDatabaseNeedsAName) {
  const auto error = [](std::string_view text) {
    return R"({"error":"error parsing query: )" + std::string(text) + "\"}";
  };
  EXPECT_EQ(Refuse("CREATE DATABASE"), error("found EOF, expected identifier at line 1, char 16"));
  EXPECT_EQ(Refuse("CREATE DATABASE 'd'"),
            error("found 'd', expected identifier at line 1, char 17"));
  EXPECT_EQ(Refuse(R"(CREATE DATABASE "")"),
            error(R"(found \"\", expected identifier at line 1, char 17)"));
  EXPECT_EQ(Refuse(R"(CREATE DATABASE "d)"),
            error(R"(found \"d, expected identifier at line 1, char 17)"));
  EXPECT_EQ(Refuse("CREATE DATABASE my-db"), error("found -, expected ; at line 1, char 19"));
  EXPECT_TRUE(databases_.Names().empty());
}

TEST_F(Query, NothingIsDoneWhenOneStatementIsWrong) {
  Refuse("CREATE DATABASE a; BOGUS");
  EXPECT_TRUE(databases_.Names().empty());
}

TEST_F(Query, NoTextIsAnError) {
  for (const std::string_view text : {"", " \n"}) {
    EXPECT_EQ(Refuse(text), R"({"error":"missing required parameter \"q\""})");
  }
}

TEST_F(Query, TextHasALimit) {
  std::string text = "SELECT ";
  text.resize(kQueryTextSizeMax, 'x');
  EXPECT_EQ(Post(text), kDone);
  EXPECT_EQ(Answer(QueryVerb::kPost, text + "x", 413), R"({"error":"Request Entity Too Large"})");
}

TEST_F(Query, StatementsHaveALimit) {
  std::string text;
  for (size_t i = 0; i < kStatementsMax; ++i) {
    text += "SHOW DATABASES;";
  }
  EXPECT_THAT(Post(text), testing::HasSubstr("\"statement_id\":31"));
  EXPECT_EQ(Answer(QueryVerb::kPost, text + "SHOW DATABASES", 400),
            R"({"error":"too many statements: 33, at most 32"})");
}

TEST(FindQueryText, PrefersTheBody) {
  EXPECT_EQ(FindQueryText("q=SHOW+DATABASES&db=x", ""), "SHOW DATABASES");
  EXPECT_EQ(FindQueryText("", "db=x&q=CREATE+DATABASE+%22telegraf%22"),
            R"(CREATE DATABASE "telegraf")");
  EXPECT_EQ(FindQueryText("q=a", "q=b"), "b");
  EXPECT_EQ(FindQueryText("q=a", "p=b"), "a");
  EXPECT_EQ(FindQueryText("", ""), "");
}

}  // namespace
}  // namespace fluxgate
