#include "bridge/cache/label_index.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

namespace fluxgate {
namespace {

// Rows and what they carry, and an index of it.
class Rows {
 public:
  RowId Add(std::vector<uint64_t> keys) {
    const RowId row{0, next_ % 7, next_};
    ++next_;
    for (const uint64_t key : keys) {
      index_.Add(key, row);
    }
    rows_.emplace(row, std::move(keys));
    return row;
  }

  void Remove(const RowId& row) {
    const std::vector<uint64_t> keys = rows_.at(row);
    rows_.erase(row);
    for (const uint64_t key : keys) {
      index_.Remove(key, [&](const RowId& id) {
        ++asked_;
        return rows_.contains(id);
      });
    }
  }

  std::set<RowId> Find(uint64_t key) const {
    std::set<RowId> found;
    for (const RowId& row : index_.Find(key)) {
      if (rows_.contains(row)) {
        found.insert(row);
      }
    }
    return found;
  }

  std::set<RowId> Scan(uint64_t key) const {
    std::set<RowId> found;
    for (const auto& [row, keys] : rows_) {
      if (std::ranges::count(keys, key) > 0) {
        found.insert(row);
      }
    }
    return found;
  }

  size_t live_entries() const {
    size_t count = 0;
    for (const auto& [row, keys] : rows_) {
      count += keys.size();
    }
    return count;
  }

  const LabelIndex& index() const { return index_; }
  const std::map<RowId, std::vector<uint64_t>>& rows() const { return rows_; }
  uint64_t asked() const { return asked_; }

 private:
  LabelIndex index_;
  std::map<RowId, std::vector<uint64_t>> rows_;
  uint32_t next_ = 1;
  uint64_t asked_ = 0;
};

TEST(LabelIndex, KeysTellNameAndValueApart) {
  std::set<uint64_t> keys;
  for (const auto& [name, value] :
       {std::pair("ab", "c"), {"a", "bc"}, {"abc", ""}, {"", "abc"}, {"c", "ab"}}) {
    keys.insert(LabelIndex::Key(name, value));
  }
  EXPECT_EQ(keys.size(), 5U);
}

TEST(LabelIndex, FindsRowsThatWereAdded) {
  Rows rows;
  const RowId a = rows.Add({1, 2});
  const RowId b = rows.Add({1});
  EXPECT_EQ(rows.Find(1), (std::set{a, b}));
  EXPECT_EQ(rows.Find(2), std::set{a});
  EXPECT_TRUE(rows.index().Find(3).empty());
}

TEST(LabelIndex, PostingGoesWithItsLastRow) {
  Rows rows;
  const RowId a = rows.Add({1});
  rows.Remove(a);
  EXPECT_TRUE(rows.index().Find(1).empty());
  EXPECT_EQ(rows.index().entry_count(), 0U);
}

TEST(LabelIndex, RowMayHaveTwoLabelsOfOneKey) {
  Rows rows;
  const RowId a = rows.Add({1, 1});
  const RowId b = rows.Add({1});
  rows.Remove(b);
  EXPECT_EQ(rows.Find(1), std::set{a});
  rows.Remove(a);
  EXPECT_EQ(rows.index().entry_count(), 0U);
}

// As a row that goes to and fro between two databases.
TEST(LabelIndex, RowThatTakesALabelUpAgainIsKeptOnce) {
  LabelIndex index;
  std::set<RowId> carriers;
  const auto add = [&](uint32_t row) {
    index.Add(1, {0, row, row});
    carriers.insert({0, row, row});
  };
  const auto remove = [&](uint32_t row) {
    carriers.erase({0, row, row});
    index.Remove(1, [&](const RowId& id) { return carriers.contains(id); });
  };
  for (uint32_t row = 2; row < 8; ++row) {
    add(row);
  }
  for (int i = 0; i < 5; ++i) {
    add(1);
    remove(1);
  }
  add(1);
  EXPECT_EQ(index.entry_count(), 12U);
  for (uint32_t row = 2; row < 8; ++row) {
    remove(row);
  }
  EXPECT_EQ(index.Find(1), (std::vector<RowId>{{0, 1, 1}}));
}

TEST(LabelIndex, LabelOfAllRowsIsRemovedInLinearWork) {
  Rows rows;
  constexpr size_t kRows = 20'000;
  std::vector<RowId> ids;
  for (size_t i = 0; i < kRows; ++i) {
    ids.push_back(rows.Add({1, 100 + i}));
  }
  for (const RowId& id : ids) {
    rows.Remove(id);
    if (rows.rows().size() % 2000 == 0) {
      EXPECT_LE(rows.index().entry_count(), 2 * rows.live_entries() + 8);
      EXPECT_EQ(rows.Find(1).size(), rows.rows().size());
    }
  }
  EXPECT_LE(rows.asked(), 4 * kRows);
  EXPECT_EQ(rows.index().entry_count(), 0U);
}

TEST(LabelIndex, RandomSequencesAgreeWithAScan) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    std::mt19937_64 random(seed);
    const auto below = [&](uint64_t n) { return random() % n; };
    Rows rows;
    for (int step = 0; step < 600; ++step) {
      if (rows.rows().empty() || below(100) < (step < 300 ? 60U : 40U)) {
        std::vector<uint64_t> keys(1 + below(4));
        for (uint64_t& key : keys) {
          key = below(6);  // so few that labels collide within a row
        }
        rows.Add(std::move(keys));
      } else {
        rows.Remove(
            std::next(rows.rows().begin(), static_cast<int64_t>(below(rows.rows().size())))->first);
      }
      for (uint64_t key = 0; key < 6; ++key) {
        ASSERT_EQ(rows.Find(key), rows.Scan(key));
      }
      ASSERT_LE(rows.index().entry_count(), 2 * rows.live_entries() + 6 * 8);
    }
  }
}

}  // namespace
}  // namespace fluxgate
