#include "bridge/cache/family_index.h"

#include <gtest/gtest.h>

namespace fluxgate {
namespace {

std::vector<std::string> Names(const FamilyIndex& index) {
  std::vector<std::string> names;
  std::string name;
  std::vector<ColumnRef> columns;
  while (index.Next(std::string(name), &name, &columns)) {
    EXPECT_FALSE(columns.empty());
    names.push_back(name);
  }
  return names;
}

TEST(FamilyIndex, FamiliesAreWalkedInByteOrder) {
  FamilyIndex index;
  for (const std::string_view name : {"b", "a_b", "a", "B", "aB", "_"}) {
    index.Attach(name, {0, 0, 0, 1});
  }
  EXPECT_EQ(Names(index), (std::vector<std::string>{"B", "_", "a", "aB", "a_b", "b"}));
  EXPECT_EQ(index.size(), 6U);
}

TEST(FamilyIndex, FamilyListsItsColumnsInTheOrderTheyCame) {
  FamilyIndex index;
  const ColumnRef refs[] = {{3, 1, 4, 1}, {0, 0, 0, 2}, {3, 1, 5, 9}};
  Family* family = nullptr;
  for (const ColumnRef& ref : refs) {
    family = index.Attach("f", ref);
  }
  std::string name;
  std::vector<ColumnRef> columns;
  ASSERT_TRUE(index.Next("", &name, &columns));
  EXPECT_EQ(columns, std::vector<ColumnRef>(std::begin(refs), std::end(refs)));
  index.Detach(family, refs[1]);
  ASSERT_TRUE(index.Next("e", &name, &columns));
  EXPECT_EQ(columns, (std::vector<ColumnRef>{refs[0], refs[2]}));
  EXPECT_FALSE(index.Next("f", &name, &columns));
}

TEST(FamilyIndex, FamilyEndsWithItsLastColumn) {
  FamilyIndex index;
  Family* const family = index.Attach("f", {0, 0, 0, 1});
  index.Attach("g", {0, 0, 1, 2});
  EXPECT_EQ(index.Attach("f", {1, 0, 0, 1}), family);
  index.Detach(family, {0, 0, 0, 1});
  EXPECT_EQ(index.size(), 2U);
  index.Detach(family, {1, 0, 0, 1});
  EXPECT_EQ(Names(index), (std::vector<std::string>{"g"}));
}

}  // namespace
}  // namespace fluxgate
