#include "protocol/influx/influxql_text.h"

#include <gtest/gtest.h>

namespace fluxgate::influx {
namespace {

TEST(InfluxqlText, WritesStatementsAsInfluxDbDoes) {
  EXPECT_EQ(CanonicalText("create  database \"my db\"\nwith duration 168h name \"n\""),
            "CREATE DATABASE \"my db\" WITH DURATION 1w NAME n");
  EXPECT_EQ(CanonicalText("grant all to \"select\""), "GRANT ALL PRIVILEGES TO \"select\"");
  EXPECT_EQ(CanonicalText("GRANT ALL PRIVILEGES ON d TO u"), "GRANT ALL PRIVILEGES ON d TO u");
  EXPECT_EQ(CanonicalText("SELECT f( a , b ) INTO d . \"r p\".m FROM /x\\/y/"),
            "SELECT f(a, b) INTO d.\"r p\".m FROM /x\\/y/");
  EXPECT_EQ(CanonicalText("drop series where a =~ /( b/ and c='d\\'e'"),
            "DROP SERIES WHERE a =~ /( b/ AND c = 'd\\'e'");
}

TEST(InfluxqlText, NeverShowsPasswords) {
  EXPECT_EQ(CanonicalText("CREATE USER u WITH PASSWORD 'secret' WITH ALL PRIVILEGES"),
            "CREATE USER u WITH PASSWORD [REDACTED] WITH ALL PRIVILEGES");
  EXPECT_EQ(CanonicalText("set password for \"u\" = 'secret'"), "SET PASSWORD FOR u = [REDACTED]");
}

TEST(InfluxqlText, QuotesNamesThatNeedIt) {
  EXPECT_EQ(QuoteIdentifier("a_1"), "a_1");
  EXPECT_EQ(QuoteIdentifier(""), "\"\"");
  EXPECT_EQ(QuoteIdentifier("1a"), "\"1a\"");
  EXPECT_EQ(QuoteIdentifier("From"), "\"From\"");
  EXPECT_EQ(QuoteIdentifier("a\"b\\c\nd"), "\"a\\\"b\\\\c\\nd\"");
}

}  // namespace
}  // namespace fluxgate::influx
