#include "tests/bench/write_plan.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fluxgate::bench {
namespace {

constexpr uint32_t kBegin = 5;
constexpr uint32_t kEnd = 12;

WriteLoad Load(uint32_t lines_per_request) {
  WriteLoad load;
  load.hosts = kEnd;
  load.rounds = 3;
  load.lines_per_request = lines_per_request;
  load.path.clear();
  return load;
}

// Plays the requests and keeps what came last.
std::vector<std::string> LastLines(const WritePlan& plan, uint64_t requests) {
  std::vector<std::string> last(kEnd);
  for (uint64_t number = 0; number < requests; ++number) {
    const std::string& lines = plan.Request(number);
    for (size_t at = 0; at < lines.size();) {
      const size_t end = lines.find('\n', at) + 1;
      const std::string line = lines.substr(at, end - at);
      last[std::stoul(line.substr(line.find("host_") + 5))] = line;
      at = end;
    }
  }
  return last;
}

TEST(WritePlan, KnowsWhatWasSentLast) {
  for (const uint32_t lines : {1u, 2u, 3u, 7u, 10u, 25u}) {
    const WritePlan plan(Load(lines), kBegin, kEnd);
    for (uint64_t sent = plan.requests_per_round(); sent < 60; ++sent) {
      const std::vector<std::string> expected = LastLines(plan, sent);
      std::vector<uint32_t> rounds(kEnd);
      plan.NoteLastRounds(sent, &rounds);
      for (uint32_t host = kBegin; host < kEnd; ++host) {
        std::string line;
        FleetOf(LineKind::kTsbsIntegers).AppendLine(host, rounds[host], 0, &line);
        ASSERT_EQ(line, expected[host]) << lines << " lines, " << sent << " requests";
      }
    }
  }
}

TEST(WritePlan, OneRoundSendsEachHost) {
  for (const uint32_t lines : {1u, 3u, 7u, 25u}) {
    const WritePlan plan(Load(lines), kBegin, kEnd);
    const std::vector<std::string> last = LastLines(plan, plan.requests_per_round());
    for (uint32_t host = 0; host < kEnd; ++host) {
      EXPECT_EQ(last[host].empty(), host < kBegin);
    }
  }
}

TEST(WritePlan, RequestsAreDelimited) {
  WriteLoad load = Load(2);
  load.path = "/write?db=x";
  const std::string lines = WritePlan(Load(2), kBegin, kEnd).Request(0);
  const std::string request = WritePlan(load, kBegin, kEnd).Request(0);
  EXPECT_TRUE(request.starts_with("POST /write?db=x HTTP/1.1\r\n"));
  EXPECT_TRUE(
      request.ends_with("Content-Length: " + std::to_string(lines.size()) + "\r\n\r\n" + lines));
}

}  // namespace
}  // namespace fluxgate::bench
