#include "bridge/cache/route_table.h"

#include <gtest/gtest.h>

#include <string>

namespace fluxgate {
namespace {

constexpr Tick kIdle = 100;

// One key at a time.
class Routes {
 public:
  explicit Routes(size_t routes_max = 1'000'000) : table_(2, routes_max, kIdle) {}

  void Insert(std::string_view key, const RowRef& row, Tick now = 0, uint32_t context = 0) {
    const RouteKey keys[] = {RouteKey::Make("another", 7), RouteKey::Make(key, context)};
    const RowRef rows[] = {{}, row};
    const uint32_t positions[] = {1};
    table_.Insert(keys, rows, positions, now);
  }

  // The version of the row that the key leads to; 0 when it leads nowhere.
  uint32_t Find(std::string_view key, Tick now = 0, uint32_t context = 0) {
    const RouteKey keys[] = {RouteKey::Make(key, context)};
    table_.Find(keys, now, &order_, &rows_);
    return rows_.at(0).version;
  }

  RouteTable& table() { return table_; }
  const RowRef& found() const { return rows_.at(0); }

 private:
  RouteTable table_;
  ShardOrder order_;
  std::vector<RowRef> rows_;
};

TEST(RouteTable, RouteLeadsToItsRow) {
  Routes routes;
  routes.Insert("cpu,host=a", {1, 2, 3, 4, 5});
  EXPECT_EQ(routes.Find("cpu,host=a"), 4U);
  EXPECT_EQ(routes.found().shard, 1U);
  EXPECT_EQ(routes.found().table, 2U);
  EXPECT_EQ(routes.found().row, 3U);
  EXPECT_EQ(routes.found().scope, 5U);
  EXPECT_EQ(routes.Find("cpu,host=b"), 0U);
  EXPECT_EQ(routes.Find(""), 0U);
}

TEST(RouteTable, KeysAreComparedWholeEvenIfTheirHashesAreEqual) {
  Routes routes;
  RouteKey stored = RouteKey::Make("a", 0);
  RouteKey asked = RouteKey::Make("b", 0);
  asked.hash = stored.hash;
  const RowRef rows[] = {{0, 0, 0, 1, 0}};
  const uint32_t positions[] = {0};
  routes.table().Insert({&stored, 1}, rows, positions, 0);
  ShardOrder order;
  std::vector<RowRef> found;
  routes.table().Find({&asked, 1}, 0, &order, &found);
  EXPECT_EQ(found.at(0).version, 0U);
  asked.bytes = "a";
  asked.context = 1;
  routes.table().Find({&asked, 1}, 0, &order, &found);
  EXPECT_EQ(found.at(0).version, 0U);
}

TEST(RouteTable, ContextsDoNotMeet) {
  Routes routes;
  routes.Insert("m", {0, 0, 0, 1, 0}, 0, 1);
  routes.Insert("m", {0, 0, 0, 2, 0}, 0, 2);
  EXPECT_EQ(routes.Find("m", 0, 1), 1U);
  EXPECT_EQ(routes.Find("m", 0, 2), 2U);
  EXPECT_EQ(routes.Find("m", 0, 0), 0U);
}

TEST(RouteTable, RouteCanBeChangedAndForgotten) {
  Routes routes;
  routes.Insert("m", {0, 0, 0, 1, 0});
  routes.Insert("m", {0, 0, 0, 2, 0});
  EXPECT_EQ(routes.Find("m"), 2U);
  EXPECT_EQ(routes.table().size(), 1U);
  routes.Insert("m", {});
  EXPECT_EQ(routes.Find("m"), 0U);
  EXPECT_EQ(routes.table().size(), 0U);
  routes.Insert("n", {});
  EXPECT_EQ(routes.table().size(), 0U);
}

TEST(RouteTable, LongKeysAreNotRemembered) {
  Routes routes;
  const std::string longest(RouteTable::kKeySizeMax, 'x');
  routes.Insert(longest, {0, 0, 0, 1, 0});
  routes.Insert(longest + "x", {0, 0, 0, 2, 0});
  EXPECT_EQ(routes.Find(longest), 1U);
  EXPECT_EQ(routes.Find(longest + "x"), 0U);
}

TEST(RouteTable, NumberOfRoutesIsBounded) {
  Routes routes(64);
  for (uint32_t i = 0; i < 10'000; ++i) {
    routes.Insert(std::to_string(i), {0, 0, i, 1 + i, 0});
    EXPECT_EQ(routes.Find(std::to_string(i)), 1 + i);
    ASSERT_LE(routes.table().size(), 64U);
  }
}

TEST(RouteTable, IdleRoutesGoWhenTheSweepHasGoneRound) {
  Routes routes;
  for (uint32_t i = 0; i < 100; ++i) {
    routes.Insert("old" + std::to_string(i), {0, 0, i, 1, 0}, 10);
    routes.Insert("used" + std::to_string(i), {0, 0, i, 1, 0}, 10);
  }
  for (uint32_t i = 0; i < 100; ++i) {
    routes.Find("used" + std::to_string(i), 50);
  }
  for (int part = 0; part < 3; ++part) {
    routes.table().Sweep(10 + kIdle, 3);
  }
  EXPECT_EQ(routes.table().size(), 200U);
  for (int part = 0; part < 3; ++part) {
    routes.table().Sweep(11 + kIdle, 3);
  }
  EXPECT_EQ(routes.table().size(), 100U);
  EXPECT_EQ(routes.Find("used7", 60), 1U);
  EXPECT_EQ(routes.Find("old7", 60), 0U);
}

}  // namespace
}  // namespace fluxgate
