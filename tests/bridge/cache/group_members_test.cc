#include "bridge/cache/group_members.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace fluxgate {
namespace {

CellPlace Place(uint32_t number) {
  return {number % 3, number / 3 % 7, number / 21};
}

TEST(GroupMembers, ACellIsInOneGroup) {
  GroupMembers members;
  EXPECT_FALSE(members.Find(Place(1)));
  members.Join(Place(1), {.group = 1, .generation = 5}, 100);
  members.Join(Place(2), {.group = 1, .generation = 5}, 100);
  members.Join(Place(1), {.group = 2, .generation = 6}, 101);
  ASSERT_TRUE(members.Find(Place(1)));
  EXPECT_EQ(members.Find(Place(1))->group, 2U);
  EXPECT_EQ(members.Find(Place(1))->generation, 6U);
  EXPECT_EQ(members.Find(Place(1))->arrival, 101U);
  EXPECT_EQ(members.Of(1).size(), 1U);
  EXPECT_EQ(members.Of(2).size(), 1U);
  EXPECT_TRUE(members.Of(3).empty());
}

TEST(GroupMembers, AgreesWithAMap) {
  GroupMembers members;
  std::map<uint32_t, uint64_t> group_of;
  std::mt19937 random(1);
  for (int step = 0; step < 20'000; ++step) {
    const uint32_t number = random() % 60;
    const uint64_t group = random() % 4;
    if (random() % 3 == 0) {
      members.Leave(Place(number));
      group_of.erase(number);
    } else {
      members.Join(Place(number), {.group = group, .generation = 1}, 0);
      group_of[number] = group;
    }
    std::map<uint64_t, uint64_t> expected;
    for (const auto& [each, of] : group_of) {
      ++expected[of];
    }
    absl::flat_hash_map<uint64_t, uint64_t> sizes;
    members.AddSizes(&sizes);
    ASSERT_EQ((std::map<uint64_t, uint64_t>(sizes.begin(), sizes.end())), expected);
    for (uint32_t each = 0; each < 60; ++each) {
      const auto member = members.Find(Place(each));
      ASSERT_EQ(member.has_value(), group_of.contains(each));
      ASSERT_TRUE(!member || member->group == group_of.at(each));
    }
    for (uint64_t each = 0; each < 4; ++each) {
      for (const GroupMember& member : members.Of(each)) {
        ASSERT_EQ(members.Find(member.cell)->group, each);
      }
    }
  }
}

}  // namespace
}  // namespace fluxgate
