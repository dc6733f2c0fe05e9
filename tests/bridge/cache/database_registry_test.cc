#include "bridge/cache/database_registry.h"

#include <gtest/gtest.h>

#include <set>

namespace fluxgate {
namespace {

TEST(DatabaseRegistry, NamesKeepTheirIds) {
  DatabaseRegistry registry(10);
  const DatabaseId a = registry.Create("a");
  const DatabaseId b = registry.Create("b");
  EXPECT_NE(a, b);
  EXPECT_NE(a, DatabaseRegistry::kOther);
  EXPECT_EQ(registry.Create("a"), a);
  EXPECT_EQ(registry.Origin("b", "week").database, b);
  EXPECT_EQ(registry.Find("a"), a);
}

TEST(DatabaseRegistry, UnknownNameHasNoId) {
  DatabaseRegistry registry(10);
  EXPECT_EQ(registry.Find("a"), std::nullopt);
}

TEST(DatabaseRegistry, NamesAreSortedWithoutTheEmptyOne) {
  DatabaseRegistry registry(10);
  registry.Create("b");
  registry.Origin("", "");
  registry.Create("a");
  EXPECT_EQ(registry.Names(), (std::vector<std::string>{"a", "b"}));
}

TEST(DatabaseRegistry, DatabasesBeyondTheLimitShareOneIdAndAreNotKept) {
  DatabaseRegistry registry(2);
  registry.Create("a");
  registry.Create("b");
  EXPECT_EQ(registry.Create("c"), DatabaseRegistry::kOther);
  EXPECT_EQ(registry.Origin("d", "").database, DatabaseRegistry::kOther);
  EXPECT_EQ(registry.Find("c"), std::nullopt);
  EXPECT_EQ(registry.Names().size(), 2U);
  for (DatabaseId id = 0; id <= 2; ++id) {
    EXPECT_EQ(registry.SeriesCount(id)->load(), 0U);
  }
}

TEST(DatabaseRegistry, ADroppedDatabaseIsUnknownUntilItIsUsedAgain) {
  DatabaseRegistry registry(2);
  const DatabaseId id = registry.Create("a");
  registry.Drop("a");
  registry.Drop("never known");
  EXPECT_EQ(registry.Find("a"), std::nullopt);
  EXPECT_TRUE(registry.Names().empty());
  EXPECT_EQ(registry.Origin("a", "").database, id);
  EXPECT_EQ(registry.Find("a"), id);
}

TEST(DatabaseRegistry, LongNamesAreNotKept) {
  DatabaseRegistry registry(10);
  const std::string longest(DatabaseRegistry::kNameSizeMax, 'n');
  EXPECT_NE(registry.Create(longest), DatabaseRegistry::kOther);
  EXPECT_EQ(registry.Create(longest + "n"), DatabaseRegistry::kOther);
  EXPECT_NE(registry.Origin("a", longest).context, 0U);
  EXPECT_EQ(registry.Origin("a", longest + "n").context, 0U);
}

TEST(DatabaseRegistry, ContextsAreNotConfused) {
  DatabaseRegistry registry(10);
  std::set<uint32_t> contexts;
  const std::pair<std::string_view, std::string_view> names[] = {
      {"ab", "c"}, {"a", "bc"}, {"abc", ""}, {"", "abc"}, {"", ""}, {"1:a", "b"}, {"1", ":ab"}};
  for (const auto& [database, policy] : names) {
    contexts.insert(registry.Origin(database, policy).context);
    EXPECT_EQ(registry.Origin(database, policy).context, registry.Origin(database, policy).context);
  }
  EXPECT_EQ(contexts.size(), std::size(names));
}

TEST(DatabaseRegistry, ContextsAreBounded) {
  DatabaseRegistry registry(3);
  std::set<uint32_t> contexts;
  for (int i = 0; i < 100; ++i) {
    contexts.insert(registry.Origin("a", std::to_string(i)).context);
  }
  EXPECT_EQ(contexts.size(), 3U * 4 + 1);
  EXPECT_TRUE(contexts.contains(0));
}

}  // namespace
}  // namespace fluxgate
