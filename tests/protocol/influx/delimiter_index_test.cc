#include "protocol/influx/delimiter_index.h"

#include <gtest/gtest.h>

#include <hwy/targets.h>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate::influx {
namespace {

// The plain form: members of `set` in `bytes`, and their end.
std::vector<size_t> Members(std::string_view bytes, std::string_view set, size_t from) {
  std::vector<size_t> offsets;
  for (size_t i = from; i < bytes.size(); ++i) {
    if (set.find(bytes[i]) != std::string_view::npos) {
      offsets.push_back(i);
    }
  }
  offsets.push_back(bytes.size());
  return offsets;
}

std::vector<size_t> Walk(DelimiterIndex::Cursor cursor, size_t end) {
  std::vector<size_t> offsets = {cursor.Next()};
  while (offsets.back() < end) {
    offsets.push_back(cursor.Next());
  }
  return offsets;
}

void ExpectAllFound(DelimiterIndex* index, std::string_view bytes) {
  index->Build(bytes);
  for (size_t from = 0; from <= bytes.size(); from += 1 + from / 3) {
    EXPECT_EQ(Walk(index->BreaksFrom(from), bytes.size()), Members(bytes, " \"\\\n", from));
    EXPECT_EQ(Walk(index->DelimitersFrom(from), bytes.size()), Members(bytes, " \"\\\n,=", from));
  }
}

// Every instruction set that this processor has, down to the one that it must have.
class DelimiterIndexOn : public testing::TestWithParam<int64_t> {
 protected:
  DelimiterIndexOn() { hwy::SetSupportedTargetsForTest(GetParam()); }
  ~DelimiterIndexOn() override { hwy::SetSupportedTargetsForTest(0); }
};

TEST_P(DelimiterIndexOn, FindsWhatThePlainFormFinds) {
  std::mt19937 random(7);
  DelimiterIndex index;
  std::string bytes;
  for (size_t size = 0; size < 300; ++size) {
    bytes.clear();
    while (bytes.size() < size) {
      bytes += random() % 3 == 0 ? " \"\\\n,="[random() % 6] : static_cast<char>(random());
    }
    ExpectAllFound(&index, bytes);
  }
}

TEST_P(DelimiterIndexOn, TellsEveryByteApart) {
  DelimiterIndex index;
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) {
    bytes += static_cast<char>(byte);
  }
  ExpectAllFound(&index, bytes);
}

TEST_P(DelimiterIndexOn, RemembersNothingOfTheInputBefore) {
  DelimiterIndex index;
  ExpectAllFound(&index, std::string(1000, ','));
  ExpectAllFound(&index, std::string(100, 'x'));
  ExpectAllFound(&index, "");
  ExpectAllFound(&index, std::string_view());
}

INSTANTIATE_TEST_SUITE_P(, DelimiterIndexOn, testing::ValuesIn(hwy::SupportedAndGeneratedTargets()),
                         [](const auto& target) { return hwy::TargetName(target.param); });

}  // namespace
}  // namespace fluxgate::influx
