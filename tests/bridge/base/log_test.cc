#include "bridge/base/log.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <thread>
#include <vector>

namespace fluxgate {
namespace {

constexpr int64_t kTime = 1'700'000'000'123'456'789;
constexpr std::string_view kLogfmtStart = "ts=2023-11-14T22:13:20.123Z level=info msg=m";

std::string Line(LogFormat format, std::string_view message, std::vector<LogPair> pairs = {},
                 LogLevel level = LogLevel::kInfo, int64_t wall_ns = kTime) {
  return FormatLogLine(format, level, wall_ns, message, pairs);
}

// What stands behind `key=` for a value.
std::string LogfmtValue(std::string_view value) {
  const std::string line = Line(LogFormat::kLogfmt, "m", {{"key", std::string(value)}});
  return line.substr(kLogfmtStart.size() + 5);
}

std::string TimeOf(int64_t wall_ns) {
  const std::string line = Line(LogFormat::kLogfmt, "m", {}, LogLevel::kInfo, wall_ns);
  return line.substr(3, line.find(' ') - 3);
}

TEST(Logfmt, TimeLevelAndMessageStandBeforeThePairs) {
  EXPECT_EQ(Line(LogFormat::kLogfmt, "listening on a port", {{"address", ":9122"}, {"n", "2"}}),
            "ts=2023-11-14T22:13:20.123Z level=info msg=\"listening on a port\" address=:9122 n=2");
}

TEST(Logfmt, LevelNames) {
  const std::pair<LogLevel, const char*> names[] = {{LogLevel::kDebug, " level=debug "},
                                                    {LogLevel::kInfo, " level=info "},
                                                    {LogLevel::kWarn, " level=warn "},
                                                    {LogLevel::kError, " level=error "}};
  for (const auto& [level, name] : names) {
    EXPECT_NE(Line(LogFormat::kLogfmt, "m", {}, level).find(name), std::string::npos) << name;
  }
}

TEST(Logfmt, PlainValueStandsBare) {
  for (const char* value :
       {"a", "10.0.0.1:80", "/write?db", "a,b;{}", "C:\\x", "é😀", "-1.5e+06"}) {
    EXPECT_EQ(LogfmtValue(value), value);
  }
}

TEST(Logfmt, ValueThatWouldNotReadBackIsQuoted) {
  EXPECT_EQ(LogfmtValue(""), R"("")");
  EXPECT_EQ(LogfmtValue("a b"), R"("a b")");
  EXPECT_EQ(LogfmtValue("a=b"), R"("a=b")");
  EXPECT_EQ(LogfmtValue("say \"x\""), R"("say \"x\"")");
  EXPECT_EQ(LogfmtValue("C:\\x y"), R"("C:\\x y")");
}

TEST(Logfmt, NoValueCanEndTheLineOrSteerATerminal) {
  EXPECT_EQ(LogfmtValue("a\nts=1"), R"("a\nts=1")");
  EXPECT_EQ(LogfmtValue(std::string_view("\0\t\r\x1B\x7F", 5)),
            R"("\u0000\u0009\u000d\u001b\u007f")");
  EXPECT_EQ(LogfmtValue("\xC2\x9B"), R"("\u009b")");
}

TEST(Logfmt, BytesThatAreNotUtf8AreReplaced) {
  EXPECT_EQ(LogfmtValue("a\xFF"), "\"a\xEF\xBF\xBD\"");
  EXPECT_EQ(LogfmtValue("\xE2\x82"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

TEST(Logfmt, SequenceIsNotReadPastTheEndOfTheText) {
  const std::string line = Line(LogFormat::kLogfmt, std::string_view("\xE2\x82\xAC", 2));
  EXPECT_TRUE(line.ends_with(" msg=\"\xEF\xBF\xBD\xEF\xBF\xBD\"")) << line;
}

TEST(LogTime, IsRfc3339InUtcToTheMillisecond) {
  EXPECT_EQ(TimeOf(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(TimeOf(999'999), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(TimeOf(1'000'000), "1970-01-01T00:00:00.001Z");
  EXPECT_EQ(TimeOf(-1), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(TimeOf(1'709'251'199'999'999'999), "2024-02-29T23:59:59.999Z");
  EXPECT_EQ(TimeOf(std::numeric_limits<int64_t>::max()), "2262-04-11T23:47:16.854Z");
  EXPECT_EQ(TimeOf(std::numeric_limits<int64_t>::min()), "1677-09-21T00:12:43.145Z");
}

TEST(JsonLog, IsOneObjectWithTheKeysInOrder) {
  EXPECT_EQ(Line(LogFormat::kJson, "say \"x\"", {{"a", "C:\\"}, {"b", ""}}, LogLevel::kWarn),
            R"({"ts":"2023-11-14T22:13:20.123Z","level":"warn","msg":"say \"x\"",)"
            R"("a":"C:\\","b":""})");
}

TEST(JsonLog, KeyIsQuotedToo) {
  EXPECT_EQ(boost::json::parse(Line(LogFormat::kJson, "m", {{"a\"\n", "1"}})).at("a\"\n"), "1");
}

TEST(JsonLog, EveryCharacterReadsBack) {
  for (int code = 0; code < 128; ++code) {
    const std::string value{'x', static_cast<char>(code), 'y'};
    const auto parsed = boost::json::parse(Line(LogFormat::kJson, value, {{"k", value}}));
    EXPECT_EQ(parsed.at("msg").as_string(), value);
    EXPECT_EQ(parsed.at("k").as_string(), value);
  }
  EXPECT_EQ(boost::json::parse(Line(LogFormat::kJson, "é€😀\xC2\x9B")).at("msg").as_string(),
            "é€😀\xC2\x9B");
}

TEST(JsonLog, IsValidForAnyBytes) {
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes(random() % 8, '\0');
    for (char& byte : bytes) {
      const auto any = static_cast<char>(random());
      byte = random() % 4 == 0 ? "\xE2\xC0\xED\xF0"[random() % 4] : any;
    }
    boost::json::error_code error;
    boost::json::parse(Line(LogFormat::kJson, bytes, {{"k", bytes}}), error);
    ASSERT_FALSE(error) << testing::PrintToString(bytes);
  }
}

TEST(JsonLog, OverlongFormsSurrogatesAndTooLargeCodePointsAreReplaced) {
  for (const char* bytes : {"\xC0\x80", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF", "\xED\xA0\x80",
                            "\xF4\x90\x80\x80", "\x80", "\xF8\x88\x80\x80\x80"}) {
    const auto parsed = boost::json::parse(Line(LogFormat::kJson, bytes));
    std::string expected;
    for (size_t i = 0; i < std::string_view(bytes).size(); ++i) {
      expected += "\xEF\xBF\xBD";
    }
    EXPECT_EQ(parsed.at("msg").as_string(), expected);
  }
}

class LogOutput : public testing::Test {
 protected:
  ~LogOutput() override { ConfigureLog(LogLevel::kInfo, LogFormat::kLogfmt); }
};

TEST_F(LogOutput, LinesGoToStandardError) {
  testing::internal::CaptureStderr();
  Log(LogLevel::kInfo, "started", {{"port", "9122"}});
  Log(LogLevel::kError, "{} %v {0}");
  const std::string written = testing::internal::GetCapturedStderr();
  EXPECT_TRUE(written.starts_with("ts=2")) << written;
  EXPECT_NE(written.find(" level=info msg=started port=9122\n"), std::string::npos) << written;
  EXPECT_TRUE(written.ends_with(" level=error msg=\"{} %v {0}\"\n")) << written;
}

TEST_F(LogOutput, LinesBelowTheLevelAreLeftOut) {
  ConfigureLog(LogLevel::kWarn, LogFormat::kJson);
  testing::internal::CaptureStderr();
  Log(LogLevel::kInfo, "no");
  Log(LogLevel::kWarn, "yes");
  const std::string written = testing::internal::GetCapturedStderr();
  EXPECT_EQ(written.find("no"), std::string::npos);
  EXPECT_TRUE(written.starts_with("{\"ts\":")) << written;
  EXPECT_TRUE(written.ends_with(",\"level\":\"warn\",\"msg\":\"yes\"}\n")) << written;
}

TEST_F(LogOutput, DebugIsOffByDefault) {
  testing::internal::CaptureStderr();
  Log(LogLevel::kDebug, "no");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST_F(LogOutput, LinesOfSeveralThreadsAreNotMixed) {
  testing::internal::CaptureStderr();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (int n = 0; n < 100; ++n) {
        Log(LogLevel::kInfo, "m", {{"k", std::string(50, 'x')}});
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  const std::string written = testing::internal::GetCapturedStderr();
  const std::string end = " level=info msg=m k=" + std::string(50, 'x') + "\n";
  size_t lines = 0;
  for (size_t at = 0; at < written.size(); at = written.find('\n', at) + 1) {
    ASSERT_EQ(written.substr(at, 4), "ts=2");
    ASSERT_EQ(written.substr(at + 27, end.size()), end);
    ++lines;
  }
  EXPECT_EQ(lines, 400U);
}

constexpr Tick kIntervalTicks = 160;
constexpr int64_t kInterval = kIntervalTicks * kNanosecondsPerTick;

bool AllowAt(Tick tick, LogLimiter* limiter, uint64_t* suppressed) {
  return limiter->Allow({.wall_ns = 0, .tick = tick}, suppressed);
}

TEST(LogLimiter, FirstLinePassesAtAnyTick) {
  for (const Tick tick : {Tick{0}, Tick{1}, Tick{159}, Tick{0x80000001}, ~Tick{0}}) {
    LogLimiter limiter(kInterval);
    uint64_t suppressed = 99;
    EXPECT_TRUE(AllowAt(tick, &limiter, &suppressed)) << tick;
    EXPECT_EQ(suppressed, 0U);
  }
}

TEST(LogLimiter, OneLineAnIntervalAndTheOthersAreCounted) {
  LogLimiter limiter(kInterval);
  uint64_t suppressed = 0;
  EXPECT_TRUE(AllowAt(1000, &limiter, &suppressed));
  EXPECT_FALSE(AllowAt(1000, &limiter, &suppressed));
  EXPECT_FALSE(AllowAt(1100, &limiter, &suppressed));
  EXPECT_FALSE(AllowAt(1159, &limiter, &suppressed));
  EXPECT_TRUE(AllowAt(1160, &limiter, &suppressed));
  EXPECT_EQ(suppressed, 3U);
  EXPECT_TRUE(AllowAt(5000, &limiter, &suppressed));
  EXPECT_EQ(suppressed, 0U);
}

TEST(LogLimiter, GoesOnWhenTicksWrap) {
  LogLimiter limiter(kInterval);
  uint64_t suppressed = 0;
  EXPECT_TRUE(AllowAt(~Tick{0} - 9, &limiter, &suppressed));
  EXPECT_FALSE(AllowAt(100, &limiter, &suppressed));
  EXPECT_TRUE(AllowAt(150, &limiter, &suppressed));
}

// Another thread may have read the clock a little earlier and come here a little later.
TEST(LogLimiter, EarlierReadingIsKeptBack) {
  LogLimiter limiter(kInterval);
  uint64_t suppressed = 0;
  EXPECT_TRUE(AllowAt(1000, &limiter, &suppressed));
  EXPECT_FALSE(AllowAt(999, &limiter, &suppressed));
}

TEST(LogLimiter, ShortIntervalStillLimitsAndNoneDoesNot) {
  uint64_t suppressed = 0;
  LogLimiter shortest(1);
  EXPECT_TRUE(AllowAt(10, &shortest, &suppressed));
  EXPECT_FALSE(AllowAt(10, &shortest, &suppressed));
  EXPECT_TRUE(AllowAt(11, &shortest, &suppressed));
  LogLimiter none(0);
  EXPECT_TRUE(AllowAt(10, &none, &suppressed));
  EXPECT_TRUE(AllowAt(10, &none, &suppressed));
}

TEST(LogLimiter, EachLineOfSeveralThreadsIsPassedOrCountedOnce) {
  constexpr uint64_t kThreads = 4;
  constexpr Tick kReadings = 20'000;
  LogLimiter limiter(kInterval);
  std::atomic<uint64_t> passed{0};
  std::atomic<uint64_t> kept_back{0};
  std::vector<std::thread> threads;
  for (uint64_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (Tick tick = 0; tick < kReadings; ++tick) {
        uint64_t suppressed = 0;
        if (AllowAt(tick, &limiter, &suppressed)) {
          ++passed;
          kept_back += suppressed;
        }
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  uint64_t rest = 0;
  EXPECT_TRUE(AllowAt(1'000'000, &limiter, &rest));
  EXPECT_EQ(passed + kept_back + rest, kThreads * kReadings);
}

}  // namespace
}  // namespace fluxgate
