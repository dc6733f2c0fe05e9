#include "bridge/cache/group_registry.h"

#include <gtest/gtest.h>

#include <string>

namespace fluxgate {
namespace {

constexpr Now kNow{1'700'000'000'000'000'000, 10'000};

Now After(Tick ticks) {
  return {kNow.wall_ns + int64_t{ticks} * kNanosecondsPerTick, kNow.tick + ticks};
}

TEST(GroupRegistry, ABodyTakesWhatOlderOnesBroughtThatHaveEnded) {
  GroupRegistry registry(10);
  const GroupBody first = *registry.Begin("g", 16, kNow);
  registry.End(first, BodyEnd::kPart, kNow);
  const GroupBody open = *registry.Begin("g", 16, kNow);
  const GroupBody beside = *registry.Begin("g", 16, kNow);
  const GroupBody second = *registry.Begin("g", 16, kNow);
  const GroupBody later = *registry.Begin("g", 16, kNow);
  EXPECT_FALSE(registry.End(beside, BodyEnd::kPart, kNow));
  const GroupSweep sweep = *registry.End(second, BodyEnd::kWhole, kNow);
  EXPECT_EQ(sweep.group, first.group);
  EXPECT_TRUE(sweep.Takes(first.generation));
  EXPECT_FALSE(sweep.Takes(open.generation));
  EXPECT_FALSE(sweep.Takes(beside.generation));
  EXPECT_FALSE(sweep.Takes(second.generation));
  EXPECT_FALSE(sweep.Takes(later.generation));
}

TEST(GroupRegistry, NamesAreBounded) {
  GroupRegistry registry(2);
  EXPECT_TRUE(registry.Begin("a", 16, kNow));
  EXPECT_TRUE(registry.Begin(std::string(200, 'b'), 16, kNow));
  EXPECT_TRUE(registry.Begin("a", 16, kNow));
  EXPECT_FALSE(registry.Begin("c", 16, kNow));
  EXPECT_EQ(registry.refused_count(), 1U);
  EXPECT_FALSE(GroupRegistry(2).Begin(std::string(201, 'b'), 16, kNow));
}

TEST(GroupRegistry, ListTellsTheLastCompleteBody) {
  GroupRegistry registry(10);
  registry.End(*registry.Begin("b", 16, kNow), BodyEnd::kWhole, kNow);
  registry.End(*registry.Begin("b", 32, kNow), BodyEnd::kPart, After(160));
  registry.End(*registry.Begin("a", 16, kNow), BodyEnd::kPart, kNow);
  const std::vector<GroupState> list = registry.List();
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].name, "a");
  EXPECT_EQ(list[0].completed_ns, std::nullopt);
  EXPECT_EQ(list[1].name, "b");
  EXPECT_EQ(list[1].completed_ns, kNow.wall_ns);
  EXPECT_EQ(list[1].lifetime_ns, 1'000'000'000) << "a part of a body only prolongs it";
  EXPECT_EQ(list[1].expires_ns, kNow.wall_ns + 12'000'000'000);
}

TEST(GroupRegistry, WhatIsNotWholeNeverShortensALifetime) {
  GroupRegistry registry(10);
  registry.End(*registry.Begin("g", 1600, kNow), BodyEnd::kWhole, kNow);
  registry.End(*registry.Begin("g", 16, kNow), BodyEnd::kPart, After(16));
  registry.End(*registry.Begin("g", 16000, kNow), BodyEnd::kEmpty, After(16));
  registry.End(*registry.Begin("new", 1600, kNow), BodyEnd::kEmpty, kNow);
  const std::vector<GroupState> list = registry.List();
  EXPECT_EQ(list[0].lifetime_ns, 100'000'000'000);
  EXPECT_EQ(list[0].expires_ns, kNow.wall_ns + 100'000'000'000);
  EXPECT_EQ(list[1].expires_ns, kNow.wall_ns);
  EXPECT_EQ(registry.FindExpired(After(1)).size(), 1U);
}

TEST(GroupRegistry, OnlyExpiredGroupsThatNobodyWritesAreForgotten) {
  GroupRegistry registry(10);
  const GroupBody body = *registry.Begin("g", 16, kNow);
  EXPECT_TRUE(registry.FindExpired(After(100)).empty());
  registry.End(body, BodyEnd::kWhole, kNow);
  EXPECT_TRUE(registry.FindExpired(After(16)).empty());
  const std::vector<GroupRegistry::Idle> expired = registry.FindExpired(After(17));
  ASSERT_EQ(expired.size(), 1U);
  const GroupBody again = *registry.Begin("g", 16, After(17));
  registry.Forget(expired.front());
  EXPECT_EQ(registry.List().size(), 1U);
  registry.End(again, BodyEnd::kWhole, After(17));
  registry.Forget(expired.front());
  EXPECT_EQ(registry.List().size(), 1U) << "a body came since it was found expired";
  registry.Forget(registry.FindExpired(After(100)).front());
  EXPECT_TRUE(registry.List().empty());
}

TEST(GroupRegistry, DeleteForgetsUnlessABodyIsOnItsWay) {
  GroupRegistry registry(10);
  EXPECT_FALSE(registry.Delete("g", kNow));
  const GroupBody done = *registry.Begin("g", 16, kNow);
  registry.End(done, BodyEnd::kWhole, kNow);
  const GroupBody open = *registry.Begin("g", 16, kNow);
  const GroupSweep sweep = *registry.Delete("g", kNow);
  EXPECT_TRUE(sweep.Takes(done.generation));
  EXPECT_FALSE(sweep.Takes(open.generation));
  ASSERT_EQ(registry.List().size(), 1U);
  EXPECT_EQ(registry.List().front().completed_ns, std::nullopt);
  registry.End(open, BodyEnd::kWhole, kNow);
  EXPECT_TRUE(registry.Delete("g", kNow));
  EXPECT_TRUE(registry.List().empty());
  EXPECT_NE(registry.Begin("g", 16, kNow)->group, done.group);
}

}  // namespace
}  // namespace fluxgate
