#include "bridge/ingest/write_params.h"

#include <gtest/gtest.h>

namespace fluxgate {
namespace {

using influx::Precision;

constexpr WriteProtocol kProtocols[] = {WriteProtocol::kHttpV1, WriteProtocol::kHttpV2};

WriteParams Parse(WriteProtocol protocol, std::string_view query) {
  WriteParams params;
  const std::optional<Reply> error = ParseWriteParams(protocol, query, &params);
  EXPECT_FALSE(error.has_value()) << query << ": " << error->body;
  return params;
}

std::string ErrorBody(WriteProtocol protocol, std::string_view query) {
  WriteParams params;
  const std::optional<Reply> error = ParseWriteParams(protocol, query, &params);
  if (!error) {
    return "";
  }
  EXPECT_EQ(error->status, 400);
  return error->body;
}

TEST(WriteParams, V1ReadsDatabaseAndRetentionPolicy) {
  const WriteParams params =
      Parse(WriteProtocol::kHttpV1, "db=my+db&rp=two%20weeks&u=a&p=b&bucket=x&org=y");
  EXPECT_EQ(params.protocol, WriteProtocol::kHttpV1);
  EXPECT_EQ(params.database, "my db");
  EXPECT_EQ(params.retention_policy, "two weeks");
  EXPECT_EQ(params.org, "");
  EXPECT_EQ(params.precision, Precision::kUnspecified);
}

TEST(WriteParams, NothingIsRequired) {
  for (const WriteProtocol protocol : kProtocols) {
    const WriteParams params = Parse(protocol, "");
    EXPECT_EQ(params.protocol, protocol);
    EXPECT_EQ(params.database, "");
    EXPECT_EQ(params.retention_policy, "");
  }
}

TEST(WriteParams, V2SplitsTheBucketAtItsFirstSlash) {
  const WriteParams params =
      Parse(WriteProtocol::kHttpV2, "bucket=telegraf%2Fauto/gen&org=my%20org&db=x&rp=y");
  EXPECT_EQ(params.database, "telegraf");
  EXPECT_EQ(params.retention_policy, "auto/gen");
  EXPECT_EQ(params.org, "my org");
  EXPECT_EQ(Parse(WriteProtocol::kHttpV2, "bucket=b").retention_policy, "");
  EXPECT_EQ(Parse(WriteProtocol::kHttpV2, "bucket=b/").database, "b");
  EXPECT_EQ(Parse(WriteProtocol::kHttpV2, "bucket=/rp").database, "");
  EXPECT_EQ(Parse(WriteProtocol::kHttpV2, "bucket=/rp").retention_policy, "rp");
}

TEST(WriteParams, ReplacesWhatParamsHeld) {
  WriteParams params = Parse(WriteProtocol::kHttpV2, "bucket=b/r&org=o&precision=s");
  EXPECT_FALSE(ParseWriteParams(WriteProtocol::kHttpV1, "db=d", &params).has_value());
  EXPECT_EQ(params.database, "d");
  EXPECT_EQ(params.retention_policy, "");
  EXPECT_EQ(params.org, "");
  EXPECT_EQ(params.precision, Precision::kUnspecified);
}

TEST(WriteParams, EverySpellingOfAPrecisionIsUnderstoodOnEveryPath) {
  const std::pair<std::string_view, Precision> spellings[] = {
      {"", Precision::kUnspecified},
      {"auto", Precision::kUnspecified},
      {"n", Precision::kNanosecond},
      {"ns", Precision::kNanosecond},
      {"nanosecond", Precision::kNanosecond},
      {"u", Precision::kMicrosecond},
      {"%C2%B5", Precision::kMicrosecond},
      {"%CE%BC", Precision::kMicrosecond},
      {"microsecond", Precision::kMicrosecond},
      {"ms", Precision::kMillisecond},
      {"millisecond", Precision::kMillisecond},
      {"s", Precision::kSecond},
      {"second", Precision::kSecond},
      {"m", Precision::kMinute},
      {"h", Precision::kHour},
  };
  for (const WriteProtocol protocol : kProtocols) {
    for (const auto& [spelling, precision] : spellings) {
      EXPECT_EQ(Parse(protocol, "precision=" + std::string(spelling)).precision, precision)
          << spelling;
    }
  }
}

TEST(WriteParams, UsMayBeNanosecondsOnV1WhereGoClientsSendThemUnderIt) {
  EXPECT_EQ(Parse(WriteProtocol::kHttpV1, "precision=us").precision,
            Precision::kMicrosecondOrNanosecond);
  EXPECT_EQ(Parse(WriteProtocol::kHttpV2, "precision=us").precision, Precision::kMicrosecond);
  EXPECT_EQ(Parse(WriteProtocol::kHttpV3, "precision=us").precision, Precision::kMicrosecond);
}

TEST(WriteParams, UnknownPrecisionIsAnErrorInTheShapeOfTheApi) {
  EXPECT_EQ(ErrorBody(WriteProtocol::kHttpV1, "db=d&precision=x"),
            "{\"error\":\"invalid precision \\\"x\\\" (use n, u, ms, s, m or h)\"}\n");
  EXPECT_EQ(ErrorBody(WriteProtocol::kHttpV2, "bucket=d&precision=x"),
            "{\"code\":\"invalid\",\"message\":\"invalid precision; valid precision units are "
            "ns, us, ms, and s\"}\n");
  for (const WriteProtocol protocol : kProtocols) {
    for (const std::string precision : {"d", "S", "seconds", "hour", "1s", "+s", "%00"}) {
      EXPECT_NE(ErrorBody(protocol, "precision=" + precision), "") << precision;
    }
  }
}

TEST(WriteParams, ConsistencyIsCheckedOnV1Only) {
  for (const std::string level : {"", "any", "one", "quorum", "all", "ALL", "Any"}) {
    EXPECT_EQ(ErrorBody(WriteProtocol::kHttpV1, "consistency=" + level), "") << level;
  }
  EXPECT_EQ(ErrorBody(WriteProtocol::kHttpV1, "consistency=two"),
            "{\"error\":\"invalid consistency level\"}\n");
  EXPECT_EQ(ErrorBody(WriteProtocol::kHttpV2, "consistency=two"), "");
}

TEST(WriteProtocol, HasLabelValues) {
  EXPECT_EQ(Name(WriteProtocol::kHttpV1), "http_v1");
  EXPECT_EQ(Name(WriteProtocol::kHttpV2), "http_v2");
  EXPECT_EQ(Name(WriteProtocol::kUdp), "udp");
}

constexpr WriteProtocol kAllProtocols[] = {WriteProtocol::kHttpV1, WriteProtocol::kHttpV2,
                                           WriteProtocol::kHttpV3, WriteProtocol::kUpload};

TEST(WriteParams, EveryApiTakesAGroup) {
  for (const WriteProtocol protocol : kAllProtocols) {
    const WriteParams params = Parse(protocol, "group=a%20b/%C3%BC&ttl=1h30m");
    EXPECT_EQ(params.group, "a b/\xC3\xBC");
    EXPECT_EQ(params.group_lifetime_ns, int64_t{5400} * 1'000'000'000);
    EXPECT_TRUE(params.is_current);
    EXPECT_EQ(Parse(protocol, "group=a").group_lifetime_ns, 0);
    EXPECT_EQ(Parse(protocol, "group=" + std::string(200, 'x')).group.size(), 200U);
    EXPECT_EQ(Parse(protocol, "db=x").group, "");
  }
  EXPECT_FALSE(Parse(WriteProtocol::kHttpV1, "db=x").is_current);
}

TEST(WriteParams, BadGroupsAndLifetimesAreErrors) {
  for (const WriteProtocol protocol : kAllProtocols) {
    for (const std::string& query :
         {std::string("group="), "group=" + std::string(201, 'x'), std::string("group=%FF"),
          std::string("ttl=5m"), std::string("group=a&ttl="), std::string("group=a&ttl=0"),
          std::string("group=a&ttl=-5m"), std::string("group=a&ttl=soon"),
          std::string("group=a&ttl=99999999y")}) {
      EXPECT_NE(ErrorBody(protocol, query), "") << query;
    }
  }
  EXPECT_EQ(ErrorBody(WriteProtocol::kHttpV1, "ttl=5m"), "{\"error\":\"ttl without a group\"}\n");
  EXPECT_EQ(ErrorBody(WriteProtocol::kHttpV2, "ttl=5m"),
            "{\"code\":\"invalid\",\"message\":\"ttl without a group\"}\n");
}

}  // namespace
}  // namespace fluxgate
