#include "bridge/listen/receive_buffer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>

namespace fluxgate {
namespace {

constexpr size_t kSizeMax = 50'000;

void Put(ReceiveBuffer* buffer, std::string_view bytes) {
  while (!bytes.empty()) {
    const std::span<char> room = buffer->Room();
    ASSERT_FALSE(room.empty());
    const size_t size = std::min(room.size(), bytes.size());
    std::copy_n(bytes.begin(), size, room.begin());
    buffer->Commit(size);
    bytes.remove_prefix(size);
  }
}

TEST(ReceiveBuffer, GivesWhatWasPutInOrder) {
  std::mt19937 random(3);
  ReceiveBuffer buffer(kSizeMax);
  std::string expected;
  char next = 0;
  for (int i = 0; i < 5000; ++i) {
    std::string piece(random() % (kSizeMax - expected.size()), '\0');
    std::generate(piece.begin(), piece.end(), [&] { return next++; });
    Put(&buffer, piece);
    expected += piece;
    ASSERT_EQ(buffer.bytes(), expected);
    if (random() % 2 == 0) {
      const size_t size = random() % (expected.size() + 1);
      buffer.Consume(size);
      expected.erase(0, size);
    } else {
      std::string out(random() % 60'000, '\0');
      const size_t size = buffer.Take(out);
      ASSERT_EQ(out.substr(0, size), expected.substr(0, out.size()));
      expected.erase(0, size);
    }
    if (random() % 4 == 0) {
      buffer.Shrink();
    }
    ASSERT_EQ(buffer.bytes(), expected);
  }
}

TEST(ReceiveBuffer, RoomEndsAtTheGreatestSize) {
  ReceiveBuffer buffer(kSizeMax);
  Put(&buffer, std::string(kSizeMax, 'x'));
  EXPECT_TRUE(buffer.Room().empty());
  buffer.Consume(1);
  EXPECT_EQ(buffer.Room().size(), 1U);
}

TEST(ReceiveBuffer, ShrinksOnlyWhenItIsEmptyAndLarge) {
  ReceiveBuffer buffer(kSizeMax);
  Put(&buffer, "x");
  const size_t least = buffer.Room().size() + 1;
  Put(&buffer, std::string(2 * least, 'y'));
  buffer.Shrink();
  EXPECT_EQ(buffer.bytes().size(), 2 * least + 1);
  buffer.Consume(2 * least + 1);
  EXPECT_GT(buffer.Room().size(), least);
  buffer.Shrink();
  EXPECT_EQ(buffer.Room().size(), least);
}

}  // namespace
}  // namespace fluxgate
