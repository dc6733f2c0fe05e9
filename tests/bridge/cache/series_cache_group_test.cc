#include "tests/bridge/cache/pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace fluxgate {
namespace {

using testing::ElementsAre;

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kHour = 3600 * kSecond;

class SeriesCacheGroup : public testing::Test {
 protected:
  GroupBody Begin(std::string_view group, int64_t lifetime_ns = 0) {
    return *pipeline_.cache.BeginBody(group, lifetime_ns, pipeline_.clock.Read());
  }
  BatchResult Write(const GroupBody& body, std::string_view lines) {
    return pipeline_.Write(lines, "db", "", &body);
  }
  void End(const GroupBody& body, BodyEnd end = BodyEnd::kWhole) {
    pipeline_.cache.EndBody(body, end, pipeline_.clock.Read());
  }
  // A complete body.
  void Put(std::string_view group, std::string_view lines, int64_t lifetime_ns = 0) {
    const GroupBody body = Begin(group, lifetime_ns);
    Write(body, lines);
    End(body);
  }
  std::vector<std::string> Samples() { return SampleLines(pipeline_.Scrape()); }
  uint64_t SizeOf(std::string_view name) {
    const auto sizes = pipeline_.cache.GroupSizes();
    for (const GroupState& group : pipeline_.cache.groups().List()) {
      if (group.name == name && sizes.contains(group.id)) {
        return sizes.at(group.id);
      }
    }
    return 0;
  }
  std::string Ago(int64_t ns) { return std::to_string(pipeline_.clock.Read().wall_ns - ns) + "\n"; }

  Pipeline pipeline_;
};

TEST_F(SeriesCacheGroup, WhatANewBodyDoesNotNameIsGone) {
  Put("g", "m,t=a x=1,y=2\nm,t=b x=3\n");
  EXPECT_THAT(Samples(), ElementsAre("m_x{t=\"a\"} 1", "m_x{t=\"b\"} 3", "m_y{t=\"a\"} 2"));
  EXPECT_EQ(SizeOf("g"), 3U);
  Put("g", "m,t=a y=4\nm,t=c x=5\n");
  EXPECT_THAT(Samples(), ElementsAre("m_x{t=\"c\"} 5", "m_y{t=\"a\"} 4"));
  EXPECT_EQ(SizeOf("g"), 2U);
  EXPECT_EQ(pipeline_.cache.series_count(), 2U);
  EXPECT_EQ(pipeline_.cache.row_count(), 2U);
  Put("g", "");
  EXPECT_THAT(Samples(), ElementsAre());
  EXPECT_EQ(pipeline_.cache.row_count(), 0U);
  EXPECT_EQ(pipeline_.cache.family_count(), 0U);
}

TEST_F(SeriesCacheGroup, ABodyThatIsNotCompleteOnlyAdds) {
  Put("g", "m,t=a x=1\nm,t=b x=1\n");
  const GroupBody broken = Begin("g");
  Write(broken, "m,t=b x=2\nm,t=c x=2\n");
  End(broken, BodyEnd::kPart);
  EXPECT_THAT(Samples(), ElementsAre("m_x{t=\"a\"} 1", "m_x{t=\"b\"} 2", "m_x{t=\"c\"} 2"));
  Put("g", "m,t=a x=3\n");
  EXPECT_THAT(Samples(), ElementsAre("m_x{t=\"a\"} 3"));
}

TEST_F(SeriesCacheGroup, OldTimesAreCurrentAndTheNewerBodyWins) {
  Put("g", "m x=1 " + Ago(0));
  const GroupBody body = Begin("g");
  EXPECT_EQ(Write(body, "m x=2 " + Ago(1000 * kHour)).totals.samples, 1U);
  EXPECT_THAT(Samples(), ElementsAre("m_x 2"));
  // Within one body the newest time wins.
  Write(body, "m x=3 " + Ago(999 * kHour) + "m x=4 " + Ago(1001 * kHour));
  EXPECT_THAT(Samples(), ElementsAre("m_x 3"));
  End(body);
  EXPECT_THAT(Samples(), ElementsAre("m_x 3"));
}

TEST_F(SeriesCacheGroup, MembersLiveByTheirGroupsExpiry) {
  pipeline_.Write("plain x=1\n");
  Put("long", "long x=1\n");
  Put("short", "short x=1\n", 10 * kSecond);
  pipeline_.clock.Advance(11 * kSecond);
  EXPECT_THAT(Samples(), ElementsAre("long_x 1", "plain_x 1"));
  pipeline_.clock.Advance(kHour);
  pipeline_.Sweep();
  EXPECT_THAT(Samples(), ElementsAre("long_x 1"));
  pipeline_.clock.Advance(24 * kHour - 11 * kSecond);
  EXPECT_THAT(Samples(), ElementsAre("long_x 1"));
  pipeline_.clock.Advance(kSecond);
  EXPECT_THAT(Samples(), ElementsAre());
  pipeline_.Sweep();
  EXPECT_EQ(pipeline_.cache.series_count(), 0U);
  EXPECT_TRUE(pipeline_.cache.groups().List().empty());
}

TEST_F(SeriesCacheGroup, AnEmptyGroupIsKnownUntilItExpires) {
  Put("g", "", kHour);
  pipeline_.clock.Advance(kHour);
  pipeline_.Sweep();
  EXPECT_EQ(pipeline_.cache.groups().List().size(), 1U);
  pipeline_.clock.Advance(kSecond);
  pipeline_.Sweep();
  EXPECT_TRUE(pipeline_.cache.groups().List().empty());
}

TEST_F(SeriesCacheGroup, AnOrdinaryWriteTakesASeriesOut) {
  for (const int64_t lifetime_ns : {10 * kSecond, 300 * kSecond, 25 * kHour}) {
    Put("g", "m x=1,y=1\n", lifetime_ns);
    pipeline_.Write("m x=2\n");
    EXPECT_EQ(SizeOf("g"), 1U);
    Put("g", "", lifetime_ns);
    EXPECT_THAT(Samples(), ElementsAre("m_x 2"));
    pipeline_.clock.Advance(300 * kSecond);
    EXPECT_THAT(Samples(), ElementsAre("m_x 2"));
    pipeline_.clock.Advance(kSecond);
    EXPECT_THAT(Samples(), ElementsAre());
  }
}

TEST_F(SeriesCacheGroup, AnOrdinaryWriteThatLosesTakesNothingOut) {
  Put("g", "m x=1\n");
  EXPECT_EQ(pipeline_.Write("m x=2 " + Ago(kSecond)).totals.samples, 0U);
  EXPECT_EQ(SizeOf("g"), 1U);
  EXPECT_THAT(Samples(), ElementsAre("m_x 1"));
}

TEST_F(SeriesCacheGroup, ATimeToComeDoesNotFreezeAMember) {
  Put("g", "m x=1 " + Ago(-100 * kHour));
  pipeline_.clock.Advance(2 * kSecond);
  EXPECT_EQ(pipeline_.Write("m x=2 " + Ago(kSecond)).totals.samples, 1U);
  EXPECT_THAT(Samples(), ElementsAre("m_x 2"));
}

TEST_F(SeriesCacheGroup, ASeriesOfTwoGroupsBelongsToTheLast) {
  Put("a", "m x=1,y=1 " + Ago(0));
  Put("b", "m x=2 " + Ago(kHour));
  EXPECT_THAT(Samples(), ElementsAre("m_x 2", "m_y 1"));
  EXPECT_EQ(SizeOf("a"), 1U);
  EXPECT_EQ(SizeOf("b"), 1U);
  Put("a", "");
  EXPECT_THAT(Samples(), ElementsAre("m_x 2"));
  EXPECT_TRUE(pipeline_.cache.DeleteGroup("b", pipeline_.clock.Read()));
  EXPECT_THAT(Samples(), ElementsAre());
}

TEST_F(SeriesCacheGroup, AMemberInAnothersTableIsTheSameSeries) {
  pipeline_.Write("a_b c=1\n");
  Put("g", "a b_c=2\n");
  EXPECT_THAT(Samples(), ElementsAre("a_b_c 2"));
  EXPECT_EQ(SizeOf("g"), 1U);
  pipeline_.Write("a b_c=3\n");
  EXPECT_EQ(SizeOf("g"), 0U);
  Put("g", "a_b c=4\n");
  Put("g", "");
  EXPECT_EQ(pipeline_.cache.series_count(), 0U);
}

TEST_F(SeriesCacheGroup, OfTwoBodiesAtOnceNeitherLosesSeries) {
  Put("g", "m,t=old x=0\n");
  const GroupBody first = Begin("g");
  Write(first, "m,t=a x=1\nm,t=both x=1\n");
  const GroupBody second = Begin("g");
  Write(second, "m,t=b x=2\nm,t=both x=2\n");
  End(second);
  EXPECT_THAT(Samples(), ElementsAre("m_x{t=\"a\"} 1", "m_x{t=\"b\"} 2", "m_x{t=\"both\"} 2"));
  // The body that began last is the newer one.
  EXPECT_EQ(Write(first, "m,t=both x=3\nm,t=c x=3\n").totals.samples, 1U);
  End(first);
  EXPECT_THAT(Samples(), ElementsAre("m_x{t=\"a\"} 1", "m_x{t=\"b\"} 2", "m_x{t=\"both\"} 2",
                                     "m_x{t=\"c\"} 3"));
  Put("g", "m,t=b x=4\n");
  EXPECT_THAT(Samples(), ElementsAre("m_x{t=\"b\"} 4"));
}

TEST_F(SeriesCacheGroup, TheBodyThatEndsFirstKeepsItsSeries) {
  for (const bool older_ends_first : {true, false}) {
    Put("g", "old v=1\n");
    const GroupBody older = Begin("g");
    const GroupBody newer = Begin("g");
    const GroupBody& first = older_ends_first ? older : newer;
    const GroupBody& last = older_ends_first ? newer : older;
    Write(first, "a v=1\n");
    End(first);
    Write(last, "b v=1\n");
    End(last);
    EXPECT_THAT(Samples(), ElementsAre("a_v 1", "b_v 1")) << older_ends_first;
  }
  Put("g", "c v=1\n");
  EXPECT_THAT(Samples(), ElementsAre("c_v 1"));
}

TEST_F(SeriesCacheGroup, BodiesBesideALongOneReplaceEachOther) {
  const GroupBody slow = Begin("g");
  Write(slow, "slow v=1\n");
  Put("g", "a v=1\n");
  Put("g", "b v=1\n");
  EXPECT_THAT(Samples(), ElementsAre("b_v 1", "slow_v 1"));
  End(slow);
  Put("g", "");
  EXPECT_THAT(Samples(), ElementsAre());
}

TEST_F(SeriesCacheGroup, ABodyThatIsCutOffDoesNotOutliveADelete) {
  Put("g", "old v=1\n");
  const GroupBody cut = Begin("g");
  Write(cut, "a v=1\n");
  const GroupBody other = Begin("g");
  Write(other, "b v=1\n");
  EXPECT_TRUE(pipeline_.cache.DeleteGroup("g", pipeline_.clock.Read()));
  End(cut, BodyEnd::kPart);
  EXPECT_THAT(Samples(), ElementsAre("b_v 1"));
  End(other, BodyEnd::kEmpty);
  EXPECT_THAT(Samples(), ElementsAre());
  EXPECT_TRUE(pipeline_.cache.groups().List().empty());
}

TEST_F(SeriesCacheGroup, ABodyThatStoresNothingLeavesNoGroup) {
  End(Begin("g"), BodyEnd::kEmpty);
  pipeline_.clock.Advance(kSecond);
  pipeline_.Sweep();
  EXPECT_TRUE(pipeline_.cache.groups().List().empty());
}

TEST_F(SeriesCacheGroup, DeleteSparesABodyOnItsWay) {
  EXPECT_FALSE(pipeline_.cache.DeleteGroup("g", pipeline_.clock.Read()));
  Put("g", "m,t=a x=1\n");
  const GroupBody body = Begin("g");
  Write(body, "m,t=b x=2\n");
  EXPECT_TRUE(pipeline_.cache.DeleteGroup("g", pipeline_.clock.Read()));
  Write(body, "m,t=c x=2\n");
  End(body);
  EXPECT_THAT(Samples(), ElementsAre("m_x{t=\"b\"} 2", "m_x{t=\"c\"} 2"));
}

TEST_F(SeriesCacheGroup, MembersCountAsSeriesAndMakeWayForOthers) {
  Pipeline small({.cache = {.series_max = 3}, .mapping = {}, .ingest = {}});
  const GroupBody body = *small.cache.BeginBody("g", 0, small.clock.Read());
  EXPECT_EQ(small.Write("m a=1,b=1,c=1,d=1\n", "db", "", &body).totals.samples, 3U);
  small.cache.EndBody(body, BodyEnd::kWhole, small.clock.Read());
  const GroupBody next = *small.cache.BeginBody("g", 0, small.clock.Read());
  small.cache.EndBody(next, BodyEnd::kWhole, small.clock.Read());
  EXPECT_EQ(small.Write("m d=1,e=1,f=1\n").totals.samples, 3U);
}

TEST_F(SeriesCacheGroup, ALargeGroupIsSweptWhole) {
  std::string lines;
  for (int row = 0; row < 3000; ++row) {
    lines += "m,t=" + std::to_string(row) + " x=1,y=2\nwide f" + std::to_string(row) + "=1\n";
  }
  pipeline_.Write("stays x=1\n");
  Put("g", lines);
  EXPECT_EQ(SizeOf("g"), 9000U);
  Put("other", "other x=1\n");
  Put("g", "m,t=7 x=1\nwide f7=1\n");
  EXPECT_THAT(Samples(), ElementsAre("m_x{t=\"7\"} 1", "other_x 1", "stays_x 1", "wide_f7 1"));
  EXPECT_EQ(SizeOf("g"), 2U);
}

}  // namespace
}  // namespace fluxgate
