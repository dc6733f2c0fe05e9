#include "bridge/ingest/repeated_fields.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fluxgate {
namespace {

// One character a field: a letter is a string of that key, its capital a number.
std::string Settled(std::string_view spelled) {
  std::string keys;
  for (const char c : spelled) {
    keys.push_back(static_cast<char>(c | 0x20));
  }
  std::vector<CacheField> fields;
  for (size_t i = 0; i < spelled.size(); ++i) {
    fields.push_back({std::string_view(keys).substr(i, 1), 1, (spelled[i] & 0x20) == 0});
  }
  SettleRepeatedFields(fields);
  std::string settled;
  for (size_t i = 0; i < fields.size(); ++i) {
    settled.push_back(fields[i].is_sample ? static_cast<char>(keys[i] & ~0x20) : keys[i]);
  }
  return settled;
}

TEST(SettleRepeatedFields, StringBehindANumberOfItsKeyWins) {
  EXPECT_EQ(Settled("Aa"), "aa");
  EXPECT_EQ(Settled("AbBa"), "abBa");
  EXPECT_EQ(Settled("AAa"), "aaa");
}

TEST(SettleRepeatedFields, EverythingElseStays) {
  for (const char* fields : {"", "A", "a", "AB", "ABc", "aA", "AA", "aBA", "abc"}) {
    EXPECT_EQ(Settled(fields), fields);
  }
}

TEST(SettleRepeatedFields, LongLinesFollowTheSameRule) {
  const std::string filler(100, 'C');
  EXPECT_EQ(Settled("AB" + filler + "a"), "aB" + filler + "a");
  EXPECT_EQ(Settled("Aa" + filler + "A"), "aa" + filler + "A");
  EXPECT_EQ(Settled("aA" + filler + "b"), "aA" + filler + "b");
}

}  // namespace
}  // namespace fluxgate
