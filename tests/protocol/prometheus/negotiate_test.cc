#include "protocol/prometheus/negotiate.h"

#include <gtest/gtest.h>

#include <string>

namespace fluxgate::prom {
namespace {

constexpr std::string_view kText = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";
constexpr std::string_view kText100 =
    "text/plain; version=1.0.0; charset=utf-8; escaping=underscores";
constexpr std::string_view kText100Utf8 =
    "text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8";
constexpr std::string_view kOm100 =
    "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores";
constexpr std::string_view kOm100Utf8 =
    "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8";
constexpr std::string_view kOm001 =
    "application/openmetrics-text; version=0.0.1; charset=utf-8; escaping=underscores";

struct AcceptCase {
  const char* accept;
  std::string_view content_type;
};

void ExpectAll(std::initializer_list<AcceptCase> cases) {
  for (const AcceptCase& c : cases) {
    const Negotiated negotiated = NegotiateFormat(c.accept);
    EXPECT_EQ(negotiated.content_type, c.content_type) << "Accept: " << c.accept;
    const bool open_metrics = c.content_type.starts_with("application/");
    EXPECT_EQ(negotiated.format,
              open_metrics ? ExpositionFormat::kOpenMetrics : ExpositionFormat::kText)
        << "Accept: " << c.accept;
  }
}

TEST(NegotiateFormat, WhatEachPrometheusSends) {
  ExpectAll({
      // 2.5 to 2.20
      {"application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
       kOm001},
      // 2.42
      {"application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;"
       "q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
       kOm100},
      // 2.49.0: the wildcard's q is meant to be 0.2, and says 2.
      {"application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;"
       "version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=2",
       kOm100},
      // 2.49.1 and later 2.x
      {"application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;"
       "version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
       kOm100},
      // 3.0.0, with escaping twice in the third entry
      {"application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
       "application/openmetrics-text;version=0.0.1;escaping=allow-utf-8;q=0.5,"
       "text/plain;version=1.0.0;escaping=allow-utf-8;escaping=allow-utf-8;q=0.4,"
       "text/plain;version=0.0.4;escaping=allow-utf-8;q=0.3,*/*;q=0.2;escaping=allow-utf-8",
       kOm100Utf8},
      // 3.4 and later
      {"application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
       "application/openmetrics-text;version=0.0.1;q=0.5,"
       "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,"
       "*/*;q=0.2",
       kOm100Utf8},
      // the same with metric_name_escaping_scheme: underscores
      {"application/openmetrics-text;version=1.0.0;escaping=underscores;q=0.6,"
       "application/openmetrics-text;version=0.0.1;q=0.5,"
       "text/plain;version=1.0.0;escaping=underscores;q=0.4,text/plain;version=0.0.4;q=0.3,"
       "*/*;q=0.2",
       kOm100},
      // scrape_protocols with the texts first
      {"text/plain;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.5,"
       "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.4,"
       "application/openmetrics-text;version=0.0.1;q=0.3,*/*;q=0.2",
       kText100Utf8},
      // native histograms: protobuf first
      {"application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
       "encoding=delimited;q=0.6,application/openmetrics-text;version=1.0.0;"
       "escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
       "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,"
       "*/*;q=0.1",
       kOm100Utf8},
  });
}

TEST(NegotiateFormat, NothingUnderstoodIsTextOfTheUsualVersion) {
  ExpectAll({{"", kText},
             {" ", kText},
             {",;,=;=,;q", kText},
             {"garbage", kText},
             {"*", kText},
             {"image/png", kText},
             {"application/json, text/html;q=0.9", kText},
             {"application/*", kText},
             {"application/openmetrics-text;version=2.0.0", kText},
             {"text/plain;version=0.0.3", kText},
             {"application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
              "encoding=delimited",
              kText}});
}

TEST(NegotiateFormat, BrowsersAndToolsGetText) {
  ExpectAll({{"*/*", kText},
             {"text/*", kText},
             {"text/plain", kText},
             {"text/plain;charset=utf-8", kText},
             {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", kText},
             {"text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", kText}});
}

TEST(NegotiateFormat, OpenMetricsWithoutAVersionIsTheFirstOne) {
  ExpectAll(
      {{"application/openmetrics-text", kOm001}, {"application/openmetrics-text;q=0.1", kOm001}});
}

TEST(NegotiateFormat, CaseBlanksAndQuotesDoNotMatter) {
  ExpectAll({{"APPLICATION/OpenMetrics-Text ; VERSION = 1.0.0 ; Escaping=ALLOW-UTF-8", kOm100Utf8},
             {"  text/plain\t;\tversion=\"1.0.0\" ; escaping=\"allow-utf-8\"  ", kText100Utf8},
             {"text/plain;version=0.0.4;Q=0.1 , application/openmetrics-text;version=1.0.0;Q=0.2",
              kOm100}});
}

TEST(NegotiateFormat, HigherQualityWinsAndEqualOnesGoAsWritten) {
  ExpectAll({{"text/plain;q=0.5,application/openmetrics-text;version=1.0.0;q=0.6", kOm100},
             {"text/plain;q=0.6,application/openmetrics-text;version=1.0.0;q=0.5", kText},
             {"text/plain;version=1.0.0,application/openmetrics-text;version=1.0.0", kText100},
             {"application/openmetrics-text;version=1.0.0,text/plain;version=1.0.0", kOm100},
             {"text/plain;q=0.001,application/openmetrics-text;q=0", kText}});
}

TEST(NegotiateFormat, ConcreteTypeGoesBeforeAWildcardOfTheSameQuality) {
  ExpectAll({{"*/*,application/openmetrics-text;version=1.0.0", kOm100},
             {"text/*,text/plain;version=1.0.0", kText100},
             {"*/*;q=7,application/openmetrics-text;version=1.0.0;q=2", kOm100},
             {"*/*;q=0.9,application/openmetrics-text;version=1.0.0;q=0.8", kText}});
}

TEST(NegotiateFormat, QualityZeroExcludes) {
  ExpectAll(
      {{"application/openmetrics-text;version=1.0.0;q=0,text/plain;version=1.0.0;q=0.1", kText100},
       {"application/openmetrics-text;version=1.0.0;q=0.000", kText},
       {"application/openmetrics-text;version=1.0.0;q=-1", kText},
       {"*/*;q=0", kText}});
}

TEST(NegotiateFormat, UnreadableQualityIsPassedOver) {
  for (const char* quality : {"", "x", "0.1x", "nan", "1e999"}) {
    const std::string accept =
        "text/plain;q=0.9,application/openmetrics-text;version=1.0.0;q=" + std::string(quality);
    EXPECT_EQ(NegotiateFormat(accept).content_type, kOm100) << accept;
  }
}

TEST(NegotiateFormat, EscapingIsThatOfTheWinningEntry) {
  ExpectAll({
      {"application/json;escaping=allow-utf-8,text/plain;version=1.0.0", kText100},
      {"application/openmetrics-text;version=1.0.0;q=0.9,"
       "text/plain;version=1.0.0;escaping=allow-utf-8",
       kText100Utf8},
      {"text/plain;version=1.0.0;escaping=allow-utf-8;q=0.5,"
       "application/openmetrics-text;version=1.0.0",
       kOm100},
      {"text/plain;version=1.0.0;escaping=bogus", kText100},
      {"text/plain;version=1.0.0;escaping=dots",
       "text/plain; version=1.0.0; charset=utf-8; escaping=dots"},
      {"application/openmetrics-text;version=1.0.0;escaping=values",
       "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=values"},
      {"application/openmetrics-text;version=0.0.1;escaping=allow-utf-8",
       "application/openmetrics-text; version=0.0.1; charset=utf-8; escaping=allow-utf-8"},
  });
}

// Names never need quotes, and version 0.0.4 knows none.
TEST(NegotiateFormat, OldTextIsAlwaysMarkedWithUnderscores) {
  ExpectAll({{"text/plain;version=0.0.4;escaping=allow-utf-8", kText},
             {"text/plain;escaping=values", kText},
             {"*/*;escaping=allow-utf-8", kText}});
}

TEST(NegotiateFormat, ContentTypeOutlivesTheHeader) {
  std::string accept = "text/plain;version=1.0.0;escaping=allow-utf-8";
  const Negotiated negotiated = NegotiateFormat(accept);
  accept.assign(accept.size(), 'x');
  EXPECT_EQ(negotiated.content_type, kText100Utf8);
}

TEST(NegotiateFormat, ManyEntriesAndParametersAreRead) {
  std::string accept;
  for (int i = 0; i < 5000; ++i) {
    accept += "a/b;c=d;e=f,";
  }
  accept += "application/openmetrics-text";
  for (int i = 0; i < 5000; ++i) {
    accept += ";x=y";
  }
  EXPECT_EQ(NegotiateFormat(accept).content_type, kOm001);
}

TEST(AcceptsGzip, OnlyWhenItIsNamedOrCovered) {
  EXPECT_TRUE(AcceptsGzip("gzip"));
  EXPECT_TRUE(AcceptsGzip("gzip, deflate, br, zstd"));
  EXPECT_TRUE(AcceptsGzip("br;q=1.0, GZIP;q=0.8"));
  EXPECT_TRUE(AcceptsGzip("deflate,x-gzip"));
  EXPECT_TRUE(AcceptsGzip("*"));
  EXPECT_TRUE(AcceptsGzip(" gzip ; q=0.001 "));
  EXPECT_FALSE(AcceptsGzip(""));
  EXPECT_FALSE(AcceptsGzip("identity"));
  EXPECT_FALSE(AcceptsGzip("deflate, br"));
  EXPECT_FALSE(AcceptsGzip("gzipped, notgzip"));
}

TEST(AcceptsGzip, QualityZeroExcludes) {
  EXPECT_FALSE(AcceptsGzip("gzip;q=0"));
  EXPECT_FALSE(AcceptsGzip("gzip;q=0.000, *"));
  EXPECT_FALSE(AcceptsGzip("*;q=0"));
  EXPECT_TRUE(AcceptsGzip("*;q=0, gzip"));
  EXPECT_TRUE(AcceptsGzip("identity;q=0, gzip;q=0.1"));
}

TEST(AcceptsGzip, NotWhenIdentityIsWantedMore) {
  EXPECT_FALSE(AcceptsGzip("identity;q=1, gzip;q=0.5"));
  EXPECT_FALSE(AcceptsGzip("identity;q=1, *;q=0.5"));
  EXPECT_TRUE(AcceptsGzip("identity, gzip"));
  EXPECT_TRUE(AcceptsGzip("identity;q=0.5, gzip;q=1.0"));
}

}  // namespace
}  // namespace fluxgate::prom
