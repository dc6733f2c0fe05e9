#include "bridge/listen/http_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate {
namespace {

using testing::HasSubstr;

class HttpServiceTest : public testing::Test {
 protected:
  HttpServiceTest() { health_.SetState(HealthState::kReady); }

  Exchange& Ask(std::string_view method, std::string_view target) {
    head_.method = ParseMethod(method);
    SplitTarget(target, &head_.path, &head_.query);
    service_.Begin(head_, "1.2.3.4:5", &exchange_);
    return exchange_;
  }

  int StatusOf(std::string_view method, std::string_view target) {
    return Ask(method, target).reply.status;
  }

  // Writes a whole body and returns the reply.
  Reply Write(std::string_view target, std::string_view body) {
    WriteRequest& request = *Ask("POST", target).write;
    while (!body.empty()) {
      const std::span<char> room = request.Prepare();
      const size_t size = std::min(room.size(), body.size());
      std::memcpy(room.data(), body.data(), size);
      body.remove_prefix(size);
      if (auto early = request.Commit(size)) {
        return *early;
      }
    }
    return request.Finish();
  }

  std::string Scrape(std::string_view target) {
    Exchange& exchange = Ask("GET", target);
    std::string body;
    std::string chunk;
    while (exchange.scrape->Next(&chunk)) {
      body.append(chunk);
    }
    return body;
  }

  ManualClock clock_;
  SeriesCache cache_{{}};
  Mapping mapping_{{}};
  Ingest ingest_{{}, &cache_, &mapping_};
  Health health_{{}, clock_.Read()};
  Exposer exposer_{{}, &cache_, [](const Now&) { return std::vector<prom::MetricFamily>(); }};
  Exposer own_exposer_{{}, nullptr, [](const Now&) {
                         return std::vector<prom::MetricFamily>{
                             {"own", prom::MetricType::kGauge, "Own.", {{"", "", 1}}}};
                       }};
  std::vector<ScrapeTotals> scrapes_;
  HttpService service_{
      {},
      {.ingest = &ingest_,
       .exposer = &exposer_,
       .own_exposer = &own_exposer_,
       .health = &health_,
       .clock = &clock_,
       .landing_page = {.status = 200, .content_type = "text/html", .body = "hello", .headers = {}},
       .on_scrape = [this](const ScrapeTotals& totals) { scrapes_.push_back(totals); }}};
  RequestHead head_;
  Exchange exchange_;
};

TEST_F(HttpServiceTest, WhatIsWrittenIsScraped) {
  EXPECT_EQ(Write("/write?db=d", "m,t=a value=1\n").status, 204);
  EXPECT_EQ(Write("/api/v2/write?bucket=b", "m,t=b value=2\n").status, 204);
  EXPECT_THAT(Scrape("/metrics"), HasSubstr("m{t=\"a\"} 1\n"));
  EXPECT_THAT(Scrape("/metrics"), HasSubstr("m{t=\"b\"} 2\n"));
  EXPECT_THAT(Scrape("/metrics/exporter"), HasSubstr("own 1\n"));
}

TEST_F(HttpServiceTest, ErrorsHaveTheShapeOfTheirApi) {
  EXPECT_EQ(Ask("GET", "/nope").reply.body, "{\"error\":\"not found\"}\n");
  EXPECT_THAT(Ask("GET", "/api/v2/nope").reply.body,
              HasSubstr("\"code\":\"not found\",\"message\":\"path not found\""));
  EXPECT_THAT(Ask("GET", "/write").reply.body, HasSubstr("{\"error\":\"method not allowed\"}"));
  EXPECT_THAT(Ask("GET", "/api/v2/write").reply.body, HasSubstr("\"code\":\"method not allowed\""));
  head_.content_encoding = "br";
  EXPECT_EQ(StatusOf("POST", "/write?db=d"), 415);
  EXPECT_THAT(exchange_.reply.body, HasSubstr("{\"error\":\"unsupported content encoding: br\"}"));
  EXPECT_EQ(StatusOf("POST", "/api/v2/write?bucket=b"), 415);
  EXPECT_THAT(exchange_.reply.body, HasSubstr("\"message\":\"unsupported content encoding: br\""));
}

TEST_F(HttpServiceTest, OtherMethodsAreToldWhichAreAllowed) {
  for (const std::string_view method : {"GET", "HEAD", "DELETE"}) {
    EXPECT_EQ(StatusOf(method, "/write"), 405);
    EXPECT_THAT(exchange_.reply.headers,
                testing::Contains(testing::Pair("Allow", "OPTIONS, POST")));
    EXPECT_FALSE(exchange_.write.has_value());
  }
  EXPECT_EQ(StatusOf("OPTIONS", "/write"), 200);
  EXPECT_THAT(exchange_.reply.headers,
              testing::ElementsAre(testing::Pair("Allow", "OPTIONS, POST")));
  EXPECT_EQ(StatusOf("OPTIONS", "/nope"), 404);
  EXPECT_EQ(StatusOf("POST", "/metrics"), 405);
  EXPECT_EQ(exchange_.scrape, nullptr);
}

TEST_F(HttpServiceTest, V3WritesAndAnswersInItsOwnShape) {
  EXPECT_EQ(Write("/api/v3/write_lp?db=d&precision=auto&no_sync=true", "m,t=c value=3\n").status,
            204);
  EXPECT_EQ(
      Write("/api/v3/write_lp?db=d", "good value=1\nbad\n").body,
      "{\"error\":\"partial write of line protocol occurred\",\"data\":[{\"original_line\":\"bad\","
      "\"line_number\":2,\"error_message\":\"unable to parse 'bad': missing fields\"}]}\n");
  EXPECT_EQ(Write("/api/v3/write_lp?db=d&accept_partial=false", "fine value=1\nbad\nworse\n").body,
            "{\"error\":\"line protocol parsing error\",\"data\":{\"original_line\":\"bad\","
            "\"line_number\":2,\"error_message\":\"unable to parse 'bad': missing fields\"}}\n");
  EXPECT_THAT(Scrape("/metrics"), HasSubstr("\ngood 1\n"));
  EXPECT_THAT(Scrape("/metrics"), testing::Not(HasSubstr("fine")));
  EXPECT_EQ(StatusOf("POST", "/api/v3/write_lp?db=d&accept_partial=maybe"), 400);
  EXPECT_EQ(StatusOf("POST", "/api/v3/write_lp?db=d&precision=eon"), 400);
  EXPECT_EQ(StatusOf("POST", "/api/v3/query_sql"), 501);
  EXPECT_EQ(StatusOf("GET", "/api/v3/nope"), 404);
  EXPECT_EQ(exchange_.reply.body, "{\"error\":\"not found\"}\n");
}

TEST_F(HttpServiceTest, PingIsThatOf3xWhenPosted) {
  EXPECT_EQ(StatusOf("GET", "/ping"), 204);
  EXPECT_EQ(StatusOf("POST", "/ping"), 200);
  EXPECT_THAT(exchange_.reply.body,
              HasSubstr("\"product_name\":\"fluxgate\",\"version\":\"1.8.10\""));
}

TEST_F(HttpServiceTest, BucketsAreDatabases) {
  EXPECT_EQ(Write("/write?db=seen", "m value=1\n").status, 204);
  EXPECT_THAT(Ask("GET", "/api/v2/buckets").reply.body, HasSubstr("\"name\":\"seen\""));
  EXPECT_TRUE(Ask("POST", "/api/v2/buckets").takes_form);
  service_.TakeForm(head_, "{\"name\":\"made\"}", &exchange_);
  EXPECT_EQ(exchange_.reply.status, 201);
  EXPECT_THAT(Ask("GET", "/api/v2/buckets?name=made").reply.body, HasSubstr("\"name\":\"made\""));
  EXPECT_EQ(StatusOf("POST", "/api/v2/setup"), 422);
  EXPECT_THAT(Ask("GET", "/api/v2/orgs?org=o").reply.body, HasSubstr("\"name\":\"o\""));
}

TEST_F(HttpServiceTest, ScriptsOfOtherOriginsMayReadWhatInfluxHas) {
  using testing::Contains;
  using testing::Pair;
  head_.origin = "http://page";
  for (const std::string_view path : {"/ping", "/query?q=SHOW+DATABASES", "/api/v2/orgs"}) {
    Ask("GET", path);
    EXPECT_THAT(HttpService::Complete(head_, &exchange_).headers,
                Contains(Pair("Access-Control-Allow-Origin", "http://page")))
        << path;
  }
  Ask("GET", "/status/rejections");
  EXPECT_THAT(HttpService::Complete(head_, &exchange_).headers, testing::IsEmpty());
  head_.origin.clear();
  Ask("GET", "/ping");
  EXPECT_THAT(HttpService::Complete(head_, &exchange_).headers, testing::IsEmpty());
}

TEST_F(HttpServiceTest, BadParametersAreAnsweredBeforeTheBody) {
  EXPECT_EQ(StatusOf("POST", "/write?db=d&precision=fortnight"), 400);
  EXPECT_FALSE(exchange_.write.has_value());
}

TEST_F(HttpServiceTest, QueriesAreTakenFromUrlAndForm) {
  head_.content_length = 10;
  EXPECT_TRUE(Ask("POST", "/query").takes_form);
  service_.TakeForm(head_, "q=CREATE+DATABASE+made", &exchange_);
  EXPECT_EQ(exchange_.reply.status, 200);
  head_.content_length.reset();
  EXPECT_FALSE(Ask("GET", "/query?q=SHOW+DATABASES").takes_form);
  EXPECT_THAT(exchange_.reply.body, HasSubstr("made"));
  EXPECT_EQ(Ask("POST", "/api/v2/query").reply.content_type, "text/csv; charset=utf-8");
  EXPECT_EQ(exchange_.reply.body, "");
}

TEST_F(HttpServiceTest, HealthFollowsTheState) {
  constexpr std::string_view kAlways[] = {"/ping",  "/health",  "/status", "/-/healthy",
                                          "/livez", "/healthz", "/"};
  constexpr std::string_view kReady[] = {"/ready", "/-/ready"};
  for (const HealthState state : {HealthState::kReady, HealthState::kStopping}) {
    health_.SetState(state);
    for (const std::string_view path : kAlways) {
      EXPECT_LT(StatusOf("GET", path), 300) << path;
    }
    for (const std::string_view path : kReady) {
      EXPECT_EQ(StatusOf("GET", path), state == HealthState::kReady ? 200 : 503) << path;
    }
  }
  EXPECT_EQ(StatusOf("GET", "/ping?verbose=true"), 200);
}

TEST_F(HttpServiceTest, PagesAreServed) {
  EXPECT_EQ(Ask("GET", "/").reply.body, "hello");
  Write("/write?db=d", "bad line\n");
  EXPECT_THAT(Ask("GET", "/status/rejections").reply.body, HasSubstr("1.2.3.4:5"));
}

TEST_F(HttpServiceTest, RefusalsBelongToTheirRoute) {
  SplitTarget("/api/v2/write", &head_.path, &head_.query);
  service_.Refuse(head_, 501, "why", &exchange_);
  EXPECT_EQ(exchange_.reply.status, 501);
  EXPECT_THAT(exchange_.reply.body, HasSubstr("\"message\":\"why\""));
  service_.Finish(exchange_, 501);
  ASSERT_EQ(service_.counters().Read().size(), 1u);
  EXPECT_EQ(service_.counters().Read()[0].path, "/api/v2/write");
}

TEST_F(HttpServiceTest, ScrapesAreObservedWhenTheyHadABody) {
  Scrape("/metrics/exporter");
  clock_.Advance(5);
  service_.Finish(exchange_, 200);
  ASSERT_EQ(scrapes_.size(), 1u);
  EXPECT_EQ(scrapes_[0].endpoint, Endpoint::kExporterTelemetry);
  EXPECT_EQ(scrapes_[0].duration_ns, 5);
  EXPECT_GT(scrapes_[0].size, 0u);
  Ask("HEAD", "/metrics/exporter");
  service_.Finish(exchange_, 200);
  EXPECT_EQ(scrapes_.size(), 1u);
  Scrape("/metrics/exporter");
  clock_.StepWall(-1'000'000'000);
  service_.Finish(exchange_, 200);
  EXPECT_EQ(scrapes_[1].duration_ns, 0);
}

TEST_F(HttpServiceTest, GroupsAreListedAndDeleted) {
  EXPECT_EQ(Write("/write?group=a%2Fb", "m value=1\n").status, 204);
  EXPECT_THAT(Ask("GET", "/groups").reply.body, HasSubstr("\"name\":\"a/b\",\"series\":1,"));
  EXPECT_EQ(StatusOf("DELETE", "/groups/none"), 404);
  EXPECT_EQ(StatusOf("DELETE", "/groups"), 405);
  EXPECT_EQ(StatusOf("GET", "/groups/a%2Fb"), 405);
  EXPECT_EQ(StatusOf("DELETE", "/groups/a%2Fb"), 204);
  EXPECT_EQ(Scrape("/metrics"), "");
  EXPECT_EQ(Ask("GET", "/groups").reply.body, "{\"groups\":[]}\n");
}

}  // namespace
}  // namespace fluxgate
