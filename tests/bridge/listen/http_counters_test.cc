#include "bridge/listen/http_counters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fluxgate {
namespace {

std::vector<std::string> Lines(const HttpCounters& counters) {
  std::vector<std::string> lines;
  for (const HttpCounters::Count& count : counters.Read()) {
    lines.push_back(std::string(count.path) + " " + std::to_string(count.status) + " " +
                    std::to_string(count.requests));
  }
  return lines;
}

TEST(HttpCounters, CountByRouteAndStatus) {
  const Router router("/metrics", "/metrics/exporter", {});
  HttpCounters counters(router);
  EXPECT_TRUE(counters.Read().empty());
  counters.Add(router.Find("/write"), 204);
  counters.Add(router.Find("/write"), 204);
  counters.Add(router.Find("/write"), 505);
  counters.Add(router.Find("/metrics"), 200);
  counters.Add(router.Find("/some/client/text"), 404);
  EXPECT_THAT(Lines(counters), testing::UnorderedElementsAre("/write 204 2", "/write 505 1",
                                                             "/metrics 200 1", "unknown 404 1"));
}

TEST(HttpCounters, OtherCodesShareOneCounter) {
  const Router router("/metrics", "/metrics/exporter", {});
  HttpCounters counters(router);
  counters.Add(router.Find("/"), 299);
  counters.Add(router.Find("/"), 599);
  EXPECT_THAT(Lines(counters), testing::ElementsAre("/ 0 2"));
}

}  // namespace
}  // namespace fluxgate
