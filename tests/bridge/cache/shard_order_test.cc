#include "bridge/cache/shard_order.h"

#include <gtest/gtest.h>

namespace fluxgate {
namespace {

std::vector<uint32_t> In(const ShardOrder& order, size_t shard) {
  const std::span<const uint32_t> positions = order.In(shard);
  return {positions.begin(), positions.end()};
}

TEST(ShardOrder, PositionsStandAscendingInTheirShard) {
  ShardOrder order;
  const uint32_t shards[] = {2, 0, ShardOrder::kNone, 2, 0, 3, 2};
  order.Assign(std::size(shards), 4, [&](size_t i) { return shards[i]; });
  EXPECT_EQ(In(order, 0), (std::vector<uint32_t>{1, 4}));
  EXPECT_EQ(In(order, 1), (std::vector<uint32_t>{}));
  EXPECT_EQ(In(order, 2), (std::vector<uint32_t>{0, 3, 6}));
  EXPECT_EQ(In(order, 3), (std::vector<uint32_t>{5}));
}

TEST(ShardOrder, NothingOfTheCallBeforeIsLeft) {
  ShardOrder order;
  order.Assign(100, 4, [](size_t i) { return static_cast<uint32_t>(i % 4); });
  order.Assign(1, 2, [](size_t) { return 1U; });
  EXPECT_EQ(In(order, 0), (std::vector<uint32_t>{}));
  EXPECT_EQ(In(order, 1), (std::vector<uint32_t>{0}));
  order.Assign(0, 2, [](size_t) { return 1U; });
  EXPECT_EQ(In(order, 1), (std::vector<uint32_t>{}));
}

}  // namespace
}  // namespace fluxgate
