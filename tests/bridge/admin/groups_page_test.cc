#include "bridge/admin/groups_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fluxgate {
namespace {

constexpr int64_t kHour = int64_t{3600} * 1'000'000'000;

TEST(GroupsPage, IsEmptyAtFirst) {
  SeriesCache cache{{}};
  const Reply reply = GroupsPage(&cache);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.content_type, "application/json; charset=utf-8");
  EXPECT_EQ(reply.body, "{\"groups\":[]}\n");
}

TEST(GroupsPage, ShowsTimesOfWhatCameWhole) {
  ManualClock clock;
  SeriesCache cache{{}};
  const auto whole = cache.BeginBody("b\"", 0, clock.Read());
  const auto broken = cache.BeginBody("a", kHour / 3600 / 2, clock.Read());
  clock.Advance(kHour);
  cache.EndBody(*whole, BodyEnd::kWhole, clock.Read());
  cache.EndBody(*broken, BodyEnd::kPart, clock.Read());
  EXPECT_EQ(GroupsPage(&cache).body,
            R"({"groups":[{"name":"a","series":0,"last_complete":null,"ttl_seconds":0.5,)"
            R"("expires":"2023-11-14T23:13:20.500Z"},)"
            R"({"name":"b\"","series":0,"last_complete":"2023-11-14T23:13:20.000Z",)"
            R"("ttl_seconds":90000,"expires":"2023-11-16T00:13:20.000Z"}]})"
            "\n");
}

TEST(GroupsPage, TellsLifetimesExactly) {
  ManualClock clock;
  SeriesCache cache{{}};
  cache.EndBody(*cache.BeginBody("a", 1'234'567 * (kHour / 3600), clock.Read()), BodyEnd::kWhole,
                clock.Read());
  EXPECT_THAT(GroupsPage(&cache).body, testing::HasSubstr("\"ttl_seconds\":1234567,"));
}

TEST(DeleteGroup, NamesArePercentEncoded) {
  ManualClock clock;
  SeriesCache cache{{}};
  cache.EndBody(*cache.BeginBody("a/b+ü", 0, clock.Read()), BodyEnd::kWhole, clock.Read());
  const Reply missing = DeleteGroup("a", clock.Read(), &cache);
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.body, "{\"error\":\"no such group\"}\n");
  EXPECT_EQ(DeleteGroup("a%2Fb+%C3%BC", clock.Read(), &cache).status, 204);
  EXPECT_EQ(DeleteGroup("a%2Fb+%C3%BC", clock.Read(), &cache).status, 404);
}

}  // namespace
}  // namespace fluxgate
