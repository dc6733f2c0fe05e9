#include "bridge/admin/health.h"

#include <gtest/gtest.h>

namespace fluxgate {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

class HealthReplies : public testing::Test {
 protected:
  ManualClock clock_;
  Health health_{{.reported_version = "1.8.10", .revision = "abc"}, clock_.Read()};
};

TEST_F(HealthReplies, PingIsSilentUnlessVerbose) {
  for (const std::string_view verbose : {"", "0", "false"}) {
    const Reply reply = health_.AnswerPing(verbose);
    EXPECT_EQ(reply.status, 204) << verbose;
    EXPECT_EQ(reply.body, "");
  }
  for (const std::string_view verbose : {"1", "true", "x", "False"}) {
    const Reply reply = health_.AnswerPing(verbose);
    EXPECT_EQ(reply.status, 200) << verbose;
    EXPECT_EQ(reply.body, "{\"version\":\"1.8.10\"}\n");
    EXPECT_EQ(reply.content_type, "application/json; charset=utf-8");
  }
}

TEST_F(HealthReplies, InfluxHealthPassesOnceStarted) {
  EXPECT_EQ(health_.AnswerInfluxHealth().status, 503);
  EXPECT_NE(health_.AnswerInfluxHealth().body.find("\"status\":\"fail\""), std::string::npos);
  for (const HealthState state : {HealthState::kReady, HealthState::kStopping}) {
    health_.SetState(state);
    const Reply reply = health_.AnswerInfluxHealth();
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.content_type, "application/json; charset=utf-8");
    EXPECT_EQ(reply.body,
              R"({"name":"influxdb","message":"ready for queries and writes","status":"pass",)"
              R"("checks":[],"version":"1.8.10","commit":"abc"})"
              "\n");
  }
}

struct ReadyCase {
  HealthState state;
  int status;
  std::string influx_status;
  std::string prometheus_text;
  std::string readyz_text;
};

TEST_F(HealthReplies, OnlyReadyIsReady) {
  const ReadyCase cases[] = {
      {HealthState::kStarting, 503, "starting", "fluxgate is starting.\n",
       "fluxgate is starting.\n"},
      {HealthState::kReady, 200, "ready", "fluxgate is Ready.\n", "ok\n"},
      {HealthState::kStopping, 503, "stopping", "fluxgate is shutting down.\n",
       "fluxgate is shutting down.\n"},
  };
  EXPECT_EQ(health_.state(), HealthState::kStarting);
  for (const ReadyCase& test : cases) {
    health_.SetState(test.state);
    const Reply influx = health_.AnswerInfluxReady(clock_.Read());
    EXPECT_EQ(influx.status, test.status);
    EXPECT_EQ(influx.body, "{\n    \"status\": \"" + test.influx_status +
                               "\",\n    \"started\": \"2023-11-14T22:13:20.000Z\",\n    "
                               "\"up\": \"0s\"\n}\n");
    const Reply prometheus = health_.AnswerPrometheusReady();
    EXPECT_EQ(prometheus.status, test.status);
    EXPECT_EQ(prometheus.body, test.prometheus_text);
    EXPECT_EQ(prometheus.content_type, "text/plain; charset=utf-8");
    EXPECT_EQ(health_.AnswerReadyz().status, test.status);
    EXPECT_EQ(health_.AnswerReadyz().body, test.readyz_text);
  }
}

TEST_F(HealthReplies, EveryStateIsAlive) {
  for (const HealthState state :
       {HealthState::kStarting, HealthState::kReady, HealthState::kStopping}) {
    health_.SetState(state);
    EXPECT_EQ(health_.AnswerPrometheusHealthy().status, 200);
    EXPECT_EQ(health_.AnswerPrometheusHealthy().body, "fluxgate is Healthy.\n");
    EXPECT_EQ(health_.AnswerLivez().status, 200);
    EXPECT_EQ(health_.AnswerLivez().body, "ok\n");
    EXPECT_EQ(health_.AnswerInfluxStatus().status, 204);
  }
}

TEST_F(HealthReplies, UptimeIsGoNotationAndIgnoresClockSteps) {
  const auto up = [this] {
    const std::string body = health_.AnswerInfluxReady(clock_.Read()).body;
    const size_t begin = body.find("\"up\": \"") + 7;
    return body.substr(begin, body.find('"', begin) - begin);
  };
  clock_.StepWall(-5000 * kSecond);
  clock_.Advance(59 * kSecond);
  EXPECT_EQ(up(), "59s");
  clock_.Advance(1 * kSecond);
  EXPECT_EQ(up(), "1m0s");
  clock_.Advance(3663 * kSecond);
  EXPECT_EQ(up(), "1h2m3s");
}

TEST(Health, UptimeSurvivesTheTicksWrap) {
  const Health health({}, {.wall_ns = 0, .tick = 0xFFFFFFF0});
  EXPECT_NE(health.AnswerInfluxReady({.wall_ns = 0, .tick = 0x10}).body.find("\"up\": \"2s\""),
            std::string::npos);
}

}  // namespace
}  // namespace fluxgate
