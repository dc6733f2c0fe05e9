#include "bridge/upload/upload_request.h"

#include "bridge/upload/report_rules_file.h"

#include "tests/bridge/ingest/codings_reference.h"
#include "tests/bridge/ingest/write_feeder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

namespace fluxgate {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kForm = "multipart/form-data; boundary=B";

struct Sent {
  std::string_view query = "db=d";
  std::string_view content_type = "text/plain";
  ContentCodings coding{};
  size_t piece_size = SIZE_MAX;
  const ReportRules* rules = nullptr;
};

Reply Send(WriteSide* side, std::string_view body, const Sent& sent = {}) {
  UploadTarget target;
  if (auto error = ParseUploadTarget(sent.query, sent.content_type, &target)) {
    return *std::move(error);
  }
  UploadRequest request(&side->ingest, sent.rules, std::move(target), sent.coding, "192.0.2.1:1",
                        side->clock.Read());
  if (auto reply = request.Announce(body.size())) {
    return *std::move(reply);
  }
  while (!body.empty()) {
    const std::span<char> room = request.Prepare();
    const size_t size = std::min({room.size(), body.size(), sent.piece_size});
    std::memcpy(room.data(), body.data(), size);
    body.remove_prefix(size);
    std::optional<Reply> reply = request.Commit(size);
    while (!reply && request.has_more()) {
      reply = request.Continue();
    }
    if (reply) {
      return *std::move(reply);
    }
  }
  return request.Finish();
}

std::string Part(std::string_view bytes) {
  return "--B\r\nContent-Disposition: form-data; name=\"data\"; filename=\"f\"\r\n\r\n" +
         std::string(bytes) + "\r\n";
}

TEST(UploadRequest, AFormWithSeveralFiles) {
  const std::string body = Part("cpu v=1\nbad\n") +
                           Part(ReferenceGzip("m|measurement,v|long\na,2")) +
                           Part("# DML\n# CONTEXT-DATABASE:other\nmem v=3\n") + Part("") + "--B--";
  for (const size_t piece : {size_t{1}, size_t{7}, SIZE_MAX}) {
    WriteSide side;
    const Reply reply = Send(&side, body, {.content_type = kForm, .piece_size = piece});
    EXPECT_EQ(reply.status, 400);
    EXPECT_THAT(reply.body, HasSubstr("\"format\":\"line_protocol\",\"gzip\":false,\"points\":1,"
                                      "\"samples\":1,\"rejected\":1,\"errors\":[{\"line\":2,"));
    EXPECT_THAT(reply.body, HasSubstr("\"format\":\"annotated_csv\",\"gzip\":true,\"points\":1"));
    EXPECT_THAT(reply.body, HasSubstr("\"format\":\"export\""));
    EXPECT_THAT(reply.body, HasSubstr("\"format\":\"empty\""));
    EXPECT_THAT(reply.body, HasSubstr("],\"points\":3,\"rejected\":1}"));
    const std::string metrics = side.Scrape();
    EXPECT_THAT(metrics, HasSubstr("cpu_v 1"));
    EXPECT_THAT(metrics, HasSubstr("a_v 2"));
    EXPECT_THAT(metrics, HasSubstr("mem_v 3"));
    EXPECT_EQ(side.cache.FindByDatabase("other").size(), 1U);
    EXPECT_EQ(side.cache.FindByDatabase("d").size(), 2U);
  }
}

TEST(UploadRequest, ARawBodyWithItsName) {
  WriteSide side;
  const Reply reply = Send(&side, "cpu v=1\n", {.query = "name=x.txt"});
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, HasSubstr("\"name\":\"x.txt\""));
}

TEST(UploadRequest, ValuesAreCurrentWhateverTheirTimeSays) {
  WriteSide side;
  const Reply reply = Send(&side, "cpu v=1 1500000000000000000\ncpu v=2 1500000001000000000\n");
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, HasSubstr("\"points\":2,\"samples\":2"));
  EXPECT_THAT(side.Scrape(), HasSubstr("cpu_v 2"));
  Send(&side, "cpu v=3 1500000002000000000\n");
  EXPECT_THAT(side.Scrape(), HasSubstr("cpu_v 3"));  // by a known route
}

TEST(UploadRequest, AReport) {
  const absl::StatusOr<ReportRules> rules =
      LoadReportRules(UploadOptions{FLUXGATE_SOURCE_DIR "/deploy/reports/host-report.yaml"});
  ASSERT_TRUE(rules.ok());
  WriteSide side;
  const Reply reply = Send(&side, Part("rpm: 104\ncomputer: a\nhm\n") + "--B--",
                           {.content_type = kForm, .rules = &*rules});
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, HasSubstr("unable to parse 'hm': no rule matches"));
  EXPECT_THAT(side.Scrape(), HasSubstr("fan_rpm{host=\"a\"} 104"));
  EXPECT_EQ(side.ingest.rejections().Snapshot().front().first, "no_rule_matches");
}

TEST(UploadRequest, AFormThatBreaksOff) {
  WriteSide side;
  const Reply reply = Send(&side, Part("cpu v=1\nmem v=2"), {.content_type = kForm});
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body,
              HasSubstr("\"error\":\"the multipart body ends before its last boundary\""));
  EXPECT_THAT(side.Scrape(), HasSubstr("cpu_v 1"));
}

TEST(UploadRequest, AReportThatBreaksOffTellsOfItsLines) {
  const absl::StatusOr<ReportRules> rules =
      LoadReportRules(UploadOptions{FLUXGATE_SOURCE_DIR "/deploy/reports/host-report.yaml"});
  ASSERT_TRUE(rules.ok());
  WriteSide side;
  const std::string date = "date: Sun Jun 26 22:08:31 EDT 2022\n";
  const std::string whole = Part("rpm: 1\ncomputer: a\n" + date);
  const Reply reply = Send(&side, whole.substr(0, whole.size() - 2) + "rpm: 2",
                           {.content_type = kForm, .rules = &*rules});
  EXPECT_THAT(reply.body, HasSubstr("\"points\":1,\"samples\":1,\"rejected\":0"));
  EXPECT_THAT(side.Scrape(), HasSubstr("fan_rpm{host=\"a\"} 1"));
  const std::string early = Part("rpm: 1\n" + date);
  const Reply rejected =
      Send(&side, early.substr(0, early.size() - 2), {.content_type = kForm, .rules = &*rules});
  EXPECT_THAT(rejected.body, HasSubstr("the report ends before its tags and date"));
  EXPECT_EQ(side.ingest.counters().Read().reasons.rejected_lines.at("report_cut_off"), 1U);
}

TEST(UploadRequest, ARequestThatEndsEarlyKeepsItsLines) {
  WriteSide side;
  {
    UploadRequest request(&side.ingest, nullptr, {}, ContentCoding::kIdentity, "p",
                          side.clock.Read());
    std::memcpy(request.Prepare().data(), "cpu v=1\nmem v=2", 15);
    EXPECT_EQ(request.Commit(15), std::nullopt);
    request.Abandon();
  }
  EXPECT_THAT(side.Scrape(), HasSubstr("cpu_v 1"));
  EXPECT_THAT(side.Scrape(), Not(HasSubstr("mem_v")));
}

TEST(UploadRequest, GzipAroundTheForm) {
  WriteSide side;
  const Reply reply = Send(&side, ReferenceGzip(Part("cpu v=1") + "--B--"),
                           {.content_type = kForm, .coding = ContentCoding::kGzip});
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(side.Scrape(), HasSubstr("cpu_v 1"));
}

TEST(UploadRequest, Limits) {
  IngestOptions options;
  options.body_size_max = 100;
  options.inflated_size_max = 200;
  WriteSide side(options);
  EXPECT_EQ(Send(&side, std::string(101, '\n')).status, 413);
  EXPECT_EQ(Send(&side, ReferenceGzip("cpu v=1\n" + std::string(1000, '\n'))).status, 413);
  EXPECT_THAT(side.Scrape(), HasSubstr("cpu_v 1"));
}

// What lies between two codings is a body as sent.
TEST(UploadRequest, LimitsWhatLiesBetweenCodings) {
  IngestOptions options;
  options.body_size_max = 100;
  WriteSide side(options);
  const std::string inner = ReferenceZlib(std::string(500'000, '\n'));
  const std::string body = ReferenceGzip(inner);
  ASSERT_GT(inner.size(), options.body_size_max);
  ASSERT_LT(body.size(), options.body_size_max);
  EXPECT_EQ(Send(&side, body, {.coding = *ParseContentEncoding("deflate, gzip")}).status, 413);
}

TEST(UploadRequest, PartsOfALimitedNumberAndShortNames) {
  WriteSide side;
  std::string body = "--B\r\nContent-Disposition: form-data; name=\"" + std::string(300, 'n') +
                     "\"; filename=\"" + std::string(300, 'f') + "\"\r\n\r\ncpu v=1\r\n";
  for (int i = 0; i < 1000; ++i) {
    body += Part("");
  }
  const Reply reply = Send(&side, body + "--B--", {.content_type = kForm});
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, HasSubstr("\"error\":\"the form has too many parts\""));
  EXPECT_THAT(reply.body, HasSubstr("\"name\":\"" + std::string(255, 'n') + "\",\"filename\":\"" +
                                    std::string(255, 'f') + "\""));
  EXPECT_THAT(side.Scrape(), HasSubstr("cpu_v 1"));
}

TEST(UploadRequest, BadLinesOfManyContextsAreToldToALimit) {
  WriteSide side;
  std::string body;
  for (int i = 0; i < 20; ++i) {
    body +=
        "# CONTEXT-DATABASE:d" + std::to_string(i) + "\nm v=1\nbad" + std::string(1000, 'x') + "\n";
  }
  const Reply reply = Send(&side, body);
  EXPECT_LT(reply.body.size(), 8000U);
  EXPECT_THAT(reply.body, HasSubstr("\"rejected\":20,"));
}

TEST(UploadRequest, PointsOfADatabaseWithoutAUsableNameAreRejected) {
  WriteSide side;
  const Reply reply = Send(&side, "# CONTEXT-DATABASE:" + std::string(1 << 18, 'x') +
                                      "\na v=1\n# CONTEXT-DATABASE:other\nb v=2\n");
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, HasSubstr("\"points\":1,\"samples\":1,\"rejected\":2,"));
  EXPECT_THAT(side.Scrape(), Not(HasSubstr("a_v")));
  EXPECT_EQ(side.cache.FindByDatabase("other").size(), 1U);
  EXPECT_EQ(side.ingest.counters().Read().reasons.rejected_lines.at("name_too_long"), 2U);
}

TEST(UploadRequest, BadParameters) {
  WriteSide side;
  EXPECT_EQ(Send(&side, "", {.query = "precision=xyz"}).status, 400);
  EXPECT_EQ(Send(&side, "", {.content_type = "multipart/form-data"}).status, 400);
  EXPECT_EQ(Send(&side, "").status, 200);
}

TEST(UploadRequest, CountsOneRequestAndItsPoints) {
  WriteSide side;
  Send(&side, Part("cpu v=1") + Part("mem v=1") + "--B--", {.content_type = kForm});
  const WriteCounters::Snapshot counts = side.ingest.counters().Read();
  ASSERT_EQ(counts.databases.size(), 1U);
  const WriteTotals& totals =
      counts.databases[0].by_protocol[static_cast<size_t>(WriteProtocol::kUpload)];
  EXPECT_EQ(totals.requests, 1U);
  EXPECT_EQ(totals.points, 2U);
  EXPECT_GT(totals.bytes, 100U);
}

TEST(UploadRequest, AllPartsAreOneSnapshot) {
  WriteSide side;
  const Sent form{.query = "group=g", .content_type = kForm};
  EXPECT_EQ(Send(&side, Part("a v=1\n") + Part("b v=1\n") + "--B--", form).status, 200);
  EXPECT_EQ(Send(&side, Part("b v=2 1\n") + Part("c v=2 1\n") + "--B--", form).status, 200);
  EXPECT_THAT(side.Scrape(), HasSubstr("b_v 2\n"));
  EXPECT_THAT(side.Scrape(), HasSubstr("c_v 2\n"));
  EXPECT_THAT(side.Scrape(), Not(HasSubstr("a_v")));
  // The twin without a form, of the same group.
  EXPECT_EQ(Send(&side, "d v=3\n", {.query = "group=g"}).status, 200);
  EXPECT_THAT(side.Scrape(), HasSubstr("d_v 3\n"));
  EXPECT_THAT(side.Scrape(), Not(HasSubstr("b_v")));
  EXPECT_EQ(Send(&side, "", {.query = "group=g"}).status, 200);
  EXPECT_EQ(side.Scrape(), "");
}

TEST(UploadRequest, ABadPartTakesNothingAway) {
  const std::string bad_bodies[] = {
      Part("b v=2\n") + Part("bad\n") + "--B--",              // a bad line
      Part("b v=2\n") + Part("\x1f\x8b nonsense") + "--B--",  // a broken file
      Part("b v=2\n") + "--B\r\n\r\nc v=1",                   // cut off
      Part("b v=2\n") + std::string(3000, 'x'),               // no form any more
  };
  for (const std::string& body : bad_bodies) {
    WriteSide side;
    const Sent form{.query = "group=g", .content_type = kForm};
    EXPECT_EQ(Send(&side, Part("a v=1\n") + "--B--", form).status, 200);
    EXPECT_EQ(Send(&side, body, form).status, 400) << body;
    EXPECT_THAT(side.Scrape(), HasSubstr("a_v 1\n")) << body;
    EXPECT_THAT(side.Scrape(), HasSubstr("b_v 2\n")) << body;
    EXPECT_EQ(Send(&side, "--B--", form).status, 200);
    EXPECT_EQ(side.Scrape(), "");
  }
}

TEST(UploadRequest, AGroupTooManyIsRefused) {
  WriteSide side({}, {.groups_max = 0});
  const Reply reply = Send(&side, "a v=1\n", {.query = "group=g"});
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, HasSubstr("\"error\":\"too many groups\"}"));
  EXPECT_EQ(side.Scrape(), "");
}

// As on a write: what was stored while a slow upload came in is older than what comes after it.
TEST(UploadRequest, APointWithoutATimeHasThatOfItsArrival) {
  for (const std::string_view body :
       {"cpu v=2\n", "# DML\ncpu v=2\n", "#datatype measurement,long\nm,v\ncpu,2\n"}) {
    WriteSide side;
    UploadTarget target;
    EXPECT_FALSE(ParseUploadTarget("db=d", "text/plain", &target));
    UploadRequest slow(&side.ingest, nullptr, target, ContentCoding::kIdentity, "192.0.2.1:1",
                       side.clock.Read());
    side.clock.Advance(10'000'000'000);
    EXPECT_EQ(Send(&side, "cpu v=1\n").status, 200);
    side.clock.Advance(10'000'000'000);
    slow.SetNow(side.clock.Read());
    std::memcpy(slow.Prepare().data(), body.data(), body.size());
    EXPECT_FALSE(slow.Commit(body.size()));
    EXPECT_EQ(slow.Finish().status, 200);
    EXPECT_THAT(side.Scrape(), HasSubstr("cpu_v 2\n")) << body;
  }
}

}  // namespace
}  // namespace fluxgate
