// The bugs of influxdb_exporter that we do better, one test for each number of the list.
//
// Elsewhere, because they need sockets: 15 in part (slow and endless bodies), 19 (last push over
// UDP and HTTP), 20 (replies to broken gzip), 21 (unknown paths), 22 (SHOW DATABASES), all in
// tests/e2e/exporter_bugs_test.py. What of 15, 19 and 20 can be shown here is here too.
// 18 (everything untyped) stays as it is by default, so that dashboards survive; what OpenMetrics
// says of it is tested here.
#include "tests/bridge/expose/exporter.h"
#include "tests/bridge/ingest/gzip_reference.h"
#include "tests/reference/reference_exposition_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fluxgate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

constexpr int64_t kSecond = 1'000'000'000;

// Posts, expects 204, and gives what a scrape shows then. The scrape must be valid in both formats.
std::vector<std::string> Shown(Exporter* exporter, std::string_view body,
                               std::string_view target = "/write") {
  const Reply reply = exporter->Post(target, body);
  EXPECT_EQ(reply.status, 204) << reply.body;
  using reference::ExpositionSyntax;
  EXPECT_EQ(reference::ParseExposition(ExpositionSyntax::kText, exporter->Scrape()).error, "");
  EXPECT_EQ(
      reference::ParseExposition(ExpositionSyntax::kOpenMetrics,
                                 exporter->Scrape("application/openmetrics-text;version=1.0.0"))
          .error,
      "");
  return exporter->Samples();
}

// The clock of a new Exporter, in seconds, and `seconds` later.
std::string Seconds(int64_t seconds) {
  return std::to_string(ManualClock().Read().wall_ns / kSecond + seconds);
}

TEST(ExporterBugs, Bug01NonAsciiNames) {
  Exporter exporter;
  EXPECT_THAT(Shown(&exporter, "größe,straße=x wärme=1\n"),
              ElementsAre(R"(gr__e_w_rme{stra_e="x"} 1)"));
}

TEST(ExporterBugs, Bug02ReservedLabelNames) {
  Exporter exporter;
  EXPECT_THAT(Shown(&exporter, "cpu,--x=y value=1\nmem,__y=z value=2\n"),
              ElementsAre(R"(cpu{_x="y"} 1)", R"(mem{_y="z"} 2)"));
  EXPECT_THAT(exporter.counters().reasons.leniencies, ElementsAre(Pair("reserved_label", 2)));
}

TEST(ExporterBugs, Bug03InvalidUtf8InTagValues) {
  Exporter exporter;
  EXPECT_THAT(Shown(&exporter, "cpu,host=M\xFCnchen value=1\ncpu,host=K\xF6ln value=2\n"),
              ElementsAre(R"(cpu{host="Köln"} 2)", R"(cpu{host="München"} 1)"));
  EXPECT_THAT(exporter.counters().reasons.leniencies, ElementsAre(Pair("windows_1252", 2)));
}

TEST(ExporterBugs, Bug03InvalidUtf8InADatagram) {
  Exporter exporter;
  exporter.SendDatagram("cpu,host=\xFF value=1\n");
  EXPECT_THAT(exporter.Samples(), ElementsAre(R"(cpu{host="ÿ"} 1)"));
}

TEST(ExporterBugs, Bug04NamesOfItsOwnMetrics) {
  Exporter exporter;
  EXPECT_THAT(Shown(&exporter,
                    "influxdb_last_push_timestamp_seconds value=1\n"
                    "influxdb_exporter build_info=1\n"
                    "influxdb_udp_parse_errors value=1,created=2,total=3\n"
                    "cpu value=2\n"),
              ElementsAre("cpu 2"));
  EXPECT_THAT(exporter.counters().reasons.dropped_samples, ElementsAre(Pair("reserved_name", 5)));
}

TEST(ExporterBugs, Bug05MicrosecondsOfV2Clients) {
  Exporter exporter;
  EXPECT_THAT(Shown(&exporter, "cpu value=1 " + Seconds(0) + "000000\n",
                    "/api/v2/write?bucket=b&precision=us"),
              ElementsAre("cpu 1"));
}

TEST(ExporterBugs, Bug06HoursWithoutATimestamp) {
  for (const std::string_view precision : {"h", "m"}) {
    Exporter exporter;
    exporter.clock().Advance(2000 * kSecond);  // half an hour after the full one
    EXPECT_THAT(Shown(&exporter, "cpu value=1\n", "/write?precision=" + std::string(precision)),
                ElementsAre("cpu 1"));
  }
}

TEST(ExporterBugs, Bug07SecondsWithoutAPrecision) {
  Exporter exporter;
  EXPECT_THAT(Shown(&exporter, "swap,host=h value=0.85 " + Seconds(-1) + "\n"),
              ElementsAre(R"(swap{host="h"} 0.85)"));
  EXPECT_THAT(exporter.counters().reasons.leniencies, ElementsAre(Pair("detected_precision", 1)));
}

TEST(ExporterBugs, Bug08OneBadLineInABatch) {
  Exporter exporter;
  const Reply reply = exporter.Post("/write", "cpu value=9\nbad\nmem value=1\n");
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.body,
            "{\"error\":\"partial write: unable to parse 'bad': missing fields dropped=0\"}\n");
  EXPECT_THAT(exporter.Samples(), ElementsAre("cpu 9", "mem 1"));
}

TEST(ExporterBugs, Bug09CrLf) {
  Exporter exporter;
  EXPECT_THAT(Shown(&exporter, "cpu value=1\r\nmem value=2 1700000000000000000\r\n\r\n"),
              ElementsAre("cpu 1", "mem 2"));
  EXPECT_THAT(exporter.counters().reasons.leniencies, ElementsAre(Pair("carriage_return", 2)));
}

TEST(ExporterBugs, Bug10UnsignedFields) {
  Exporter exporter;
  EXPECT_THAT(Shown(&exporter, "cpu n=7u,m=18446744073709551615u\n"),
              ElementsAre("cpu_m 1.8446744073709552e+19", "cpu_n 7"));
}

TEST(ExporterBugs, Bug11SeriesThatLookAlikeWhenJoined) {
  Exporter exporter;
  EXPECT_THAT(Shown(&exporter, "m,a=b.c.d value=1\nm,a=b,c=d value=2\n"),
              ElementsAre(R"(m{a="b",c="d"} 2)", R"(m{a="b.c.d"} 1)"));
}

TEST(ExporterBugs, Bug12NamesThatBecomeOne) {
  Exporter exporter;
  EXPECT_THAT(Shown(&exporter, "m,a-b=1,a.b=2 value=1\n"), ElementsAre(R"(m{a_b="2"} 1)"));
  EXPECT_THAT(exporter.counters().reasons.leniencies, ElementsAre(Pair("colliding_label", 1)));
  // Of one series the newest value is shown, whichever name it came under.
  EXPECT_THAT(
      Shown(&exporter, "x-y value=5 1700000000000000000\nx.y value=4 1699999999000000000\n"),
      ElementsAre(R"(m{a_b="2"} 1)", "x_y 5"));
  EXPECT_THAT(exporter.counters().reasons.dropped_samples,
              ElementsAre(Pair("older_than_current", 1)));
}

TEST(ExporterBugs, Bug13OlderPointAfterANewerOne) {
  Exporter exporter;
  EXPECT_THAT(
      Shown(&exporter, "cpu value=2 1700000000000000000\ncpu value=1 1699999990000000000\n"),
      ElementsAre("cpu 2"));
}

TEST(ExporterBugs, Bug14FarFuture) {
  for (const ExpiryClock clock : {ExpiryClock::kReceive, ExpiryClock::kSample}) {
    ExporterOptions options;
    options.cache.expiry_clock = clock;
    options.expose.timestamps = true;
    Exporter exporter(options);
    EXPECT_THAT(Shown(&exporter, "cpu value=1 9223372036854775806\n"), ElementsAre("cpu 1"))
        << "without its timestamp, which Prometheus would refuse";
    EXPECT_THAT(Shown(&exporter, "cpu value=2\n"), ElementsAre("cpu 2 1700000000000"));
    Shown(&exporter, "cpu value=3 9223372036854775806\n");
    exporter.clock().Advance(301 * kSecond);
    EXPECT_THAT(exporter.Samples(), IsEmpty());
  }
}

TEST(ExporterBugs, Bug15UnlimitedBodiesAndSeries) {
  ExporterOptions options;
  options.ingest.body_size_max = 100'000;
  options.ingest.inflated_size_max = 1'000'000;
  options.cache.series_max = 10;
  Exporter exporter(options);
  EXPECT_EQ(exporter.Post("/write", std::string(100'001, '#')).status, 413);
  EXPECT_EQ(exporter.Post("/write", ReferenceGzip(std::string(1'000'001, '#')), "gzip").status,
            413);
  std::string batch;
  for (int i = 0; i < 30; ++i) {
    batch += "m,i=" + std::to_string(i) + " value=1\n";
  }
  EXPECT_EQ(Shown(&exporter, batch).size(), 10U);
  EXPECT_THAT(exporter.counters().reasons.dropped_samples, ElementsAre(Pair("series_limit", 20)));
}

TEST(ExporterBugs, Bug16ScrapeRightAfterTheReply) {
  Exporter exporter;
  for (int i = 1; i <= 1000; ++i) {
    exporter.Post("/write", "cpu value=" + std::to_string(i) + "\n");
    ASSERT_THAT(exporter.Samples(), ElementsAre("cpu " + std::to_string(i)));
  }
}

TEST(ExporterBugs, Bug17SenderWhoseClockIsLate) {
  Exporter exporter;
  EXPECT_THAT(Shown(&exporter, "cpu value=1 " + Seconds(-1800) + "000000000\n"),
              ElementsAre("cpu 1"));
  exporter.clock().Advance(299 * kSecond);
  EXPECT_THAT(exporter.Samples(), ElementsAre("cpu 1"));
}

TEST(ExporterBugs, Bug18UntypedIsUnknownToOpenMetrics) {
  Exporter exporter;
  Shown(&exporter, "cpu value=1\nrequests_total value=2\n");
  EXPECT_THAT(exporter.Scrape(), HasSubstr("# TYPE cpu untyped\n"));
  const std::string body = exporter.Scrape("application/openmetrics-text;version=1.0.0");
  EXPECT_THAT(body, HasSubstr("# TYPE cpu unknown\n"));
  EXPECT_THAT(body, HasSubstr("# TYPE requests_total unknown\n"));
}

TEST(ExporterBugs, Bug19LastPush) {
  Exporter exporter;
  EXPECT_EQ(exporter.Post("/write", "bad\n").status, 400);
  EXPECT_EQ(exporter.counters().last_push_ns, 0) << "nothing was pushed";
  exporter.SendDatagram("cpu value=1\n");
  EXPECT_EQ(exporter.counters().last_push_ns, exporter.clock().Read().wall_ns);
}

TEST(ExporterBugs, Bug20BrokenGzipIsTheClientsFault) {
  Exporter exporter;
  const std::string gzip = ReferenceGzip("cpu value=1\n");
  EXPECT_EQ(exporter.Post("/write", gzip.substr(0, gzip.size() - 1), "gzip").status, 400);
  EXPECT_EQ(exporter.Post("/write", "cpu value=1\n", "gzip").status, 400);
}

TEST(ExporterBugs, Bug23IntegersAreAsExactAsADoubleIs) {
  Exporter exporter;
  EXPECT_THAT(Shown(&exporter, "m a=9007199254740993i,b=9007199254740992i\n"),
              ElementsAre("m_a 9.007199254740992e+15", "m_b 9.007199254740992e+15"));
}

TEST(ExporterBugs, Bug24TextBehindAString) {
  Exporter exporter;
  const Reply reply = exporter.Post("/write", "m v=\"abc\"def,w=1\nm w=2\n");
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, HasSubstr("invalid field format"));
  EXPECT_THAT(exporter.Samples(), ElementsAre("m_w 2"));
}

TEST(ExporterBugs, Bug25BadLinesOverHttpAreCounted) {
  Exporter exporter;
  exporter.Post("/write", "bad\ncpu value=x\nmem value=y\n");
  EXPECT_THAT(exporter.counters().reasons.rejected_lines,
              ElementsAre(Pair("invalid_boolean", 2), Pair("missing_fields", 1)));
  EXPECT_EQ(exporter.counters().udp_parse_errors, 0U);
}

}  // namespace
}  // namespace fluxgate
