#include "bridge/listen/request_id.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace fluxgate {
namespace {

constexpr int64_t kNow = 1'700'000'000'000'000'000;

std::string NewId(RequestIds* ids, int64_t now_ns) {
  std::string id;
  ids->AppendNew(now_ns, &id);
  return id;
}

std::string IdFor(const std::string& x_request_id, const std::string& request_id) {
  RequestHead head;
  head.x_request_id = x_request_id;
  head.request_id = request_id;
  RequestIds ids(1);
  std::string id;
  ids.Append(head, kNow, &id);
  return id;
}

// 2023-11-14T22:13:20Z is 0x1ee833b04afc000 units of 100 ns behind 1582-10-15.
TEST(RequestIds, AreUuidsOfVersionOne) {
  RequestIds ids(0x1234'5678'9abc'def0);
  EXPECT_EQ(NewId(&ids, kNow), "04afc000-833b-11ee-9234-57789abcdef0");
}

TEST(RequestIds, AreUniqueWhileTheClockStandsStillOrStepsBack) {
  RequestIds ids(7);
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    EXPECT_TRUE(seen.insert(NewId(&ids, kNow - i % 3)).second);
  }
  RequestIds others(8);
  EXPECT_FALSE(seen.contains(NewId(&others, kNow)));
}

TEST(RequestIds, EchoWhatIsSane) {
  EXPECT_EQ(IdFor("one", "two"), "one");
  EXPECT_EQ(IdFor("", "two"), "two");
  EXPECT_EQ(IdFor("a b", "two"), "two");
  EXPECT_EQ(IdFor(std::string(128, 'x'), ""), std::string(128, 'x'));
  const auto is_new = testing::MatchesRegex("[0-9a-f-]{36}");
  EXPECT_THAT(IdFor(std::string(129, 'x'), ""), is_new);
  EXPECT_THAT(IdFor("tab\t", "caf\xE9"), is_new);
  EXPECT_THAT(IdFor("\x7f", std::string(1, '\0')), is_new);
}

}  // namespace
}  // namespace fluxgate
