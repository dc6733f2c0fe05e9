#include "bridge/cache/row_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <vector>

namespace fluxgate {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<uint32_t> From(const RowSet& set, uint32_t first) {
  std::vector<uint32_t> rows;
  for (RowSet::Walk walk(set, first); !walk.is_done(); walk.Next()) {
    rows.push_back(walk.row());
  }
  return rows;
}

TEST(RowSet, WalksInOrderWhateverTheOrderOfComing) {
  RowSet set;
  EXPECT_TRUE(set.empty());
  EXPECT_THAT(From(set, 0), IsEmpty());
  for (const uint32_t row : {100U, 31U, 4'000'000'000U, 0U, 32U, 64U}) {
    set.Add(row);
  }
  EXPECT_FALSE(set.empty());
  EXPECT_THAT(From(set, 0), ElementsAre(0, 31, 32, 64, 100, 4'000'000'000U));
  EXPECT_THAT(From(set, 31), ElementsAre(31, 32, 64, 100, 4'000'000'000U));
  EXPECT_THAT(From(set, 33), ElementsAre(64, 100, 4'000'000'000U));
  EXPECT_THAT(From(set, 101), ElementsAre(4'000'000'000U));
  EXPECT_THAT(From(set, 4'000'000'001U), IsEmpty());
}

TEST(RowSet, RowsComeAndGo) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    std::mt19937_64 random(seed);
    const uint32_t rows = seed % 2 == 0 ? 100 : 5000;
    RowSet set;
    std::set<uint32_t> expected;
    for (int step = 0; step < 1000; ++step) {
      const uint32_t row = static_cast<uint32_t>(random() % rows);
      if (expected.insert(row).second) {
        set.Add(row);
      } else {
        expected.erase(row);
        set.Remove(row);
      }
      const uint32_t first = static_cast<uint32_t>(random() % rows);
      ASSERT_THAT(From(set, first),
                  testing::ElementsAreArray(expected.lower_bound(first), expected.end()));
      ASSERT_EQ(set.empty(), expected.empty());
    }
  }
}

}  // namespace
}  // namespace fluxgate
