#include "bridge/ingest/line_buffer.h"

#include "tests/bridge/ingest/write_feeder.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <string_view>

namespace fluxgate {
namespace {

class LineBufferTest : public testing::Test {
 protected:
  void Put(std::string_view text) {
    while (!text.empty()) {
      const std::span<char> room = lines_.Free();
      ASSERT_FALSE(room.empty());
      const size_t size = std::min(room.size(), text.size());
      std::memcpy(room.data(), text.data(), size);
      lines_.Take(size);
      text.remove_prefix(size);
    }
  }

  uint64_t points() const { return writer_.result().totals.points; }
  uint64_t bad_lines() const { return writer_.result().bad_lines.count(); }

  WriteSide side_;
  WriteParams params_;
  BatchWriter writer_{&side_.ingest, params_, "peer", side_.clock.Read()};
  LineBuffer lines_{&writer_, side_.ingest.options().line_size_max};
};

TEST_F(LineBufferTest, KeepsWhatIsLeftOfALine) {
  Put("m value=1\nm val");
  EXPECT_EQ(points(), 0u);
  lines_.StoreLines();
  EXPECT_EQ(points(), 1u);
  EXPECT_EQ(lines_.held(), "m val");
  lines_.StoreLines();
  Put("ue=2\nm value=3");
  lines_.StoreAll();
  EXPECT_EQ(points(), 3u);
  EXPECT_EQ(bad_lines(), 0u);
  EXPECT_EQ(lines_.held(), "");
}

TEST_F(LineBufferTest, StoresByItselfWhenItIsFull) {
  for (int i = 0; i < 50'000; ++i) {
    Put("m value=1\n");
  }
  EXPECT_GT(points(), 40'000u);
  lines_.StoreAll();
  EXPECT_EQ(points(), 50'000u);
}

TEST_F(LineBufferTest, ALineMayComeInManyPieces) {
  const std::string text = "m s=\"a\nb\",value=1 \nm value=2\r\n\n# x\nm value=3\n";
  for (const char byte : text) {
    Put({&byte, 1});
    lines_.StoreLines();
  }
  EXPECT_EQ(points(), 3u);
  EXPECT_EQ(lines_.held(), "");
  for (int i = 0; i < 3000; ++i) {
    Put(std::string(1000, 'x'));
    lines_.StoreLines();
    ASSERT_LE(lines_.held().size(), side_.ingest.options().line_size_max + 2000);
  }
  Put("\nm value=4\n");
  lines_.StoreLines();
  EXPECT_EQ(points(), 4u);
  EXPECT_EQ(bad_lines(), 1u);
}

// Would take minutes if each line feed in the string had the whole line read again.
TEST_F(LineBufferTest, AQuotedStringOfManyLinesIsNotReadForEachOfThem) {
  Put("m value=1,s=\"");
  for (int i = 0; i < 60'000; ++i) {
    Put("123456 value=1\n");
    lines_.StoreLines();
  }
  EXPECT_EQ(points(), 0u);
  Put("\\\"\n");
  lines_.StoreLines();
  EXPECT_EQ(points(), 0u);
  Put("\"");
  lines_.StoreLines();
  Put("\nm value=2\n");
  lines_.StoreLines();
  EXPECT_EQ(points(), 2u);
  EXPECT_EQ(bad_lines(), 0u);
}

TEST_F(LineBufferTest, GrowsForALongLineOnly) {
  const std::string text(900'000, 'x');
  Put("m value=1,s=\"" + text + "\"\nm value=2\n");
  lines_.StoreLines();
  EXPECT_EQ(points(), 2u);
  Put(std::string(3'000'000, 'x') + "\nm value=3\n");
  lines_.StoreLines();
  EXPECT_EQ(points(), 3u);
  EXPECT_EQ(bad_lines(), 1u);
}

TEST_F(LineBufferTest, HoldingStoresNothing) {
  constexpr size_t kMax = 200'000;
  const std::string line = "m value=1\n";
  size_t held = 0;
  while (held <= kMax) {
    const std::span<char> room = lines_.FreeHolding(kMax);
    ASSERT_FALSE(room.empty());
    const size_t size = std::min(room.size(), line.size());
    std::memcpy(room.data(), line.data(), size);
    lines_.Take(size);
    held += size;
  }
  EXPECT_EQ(lines_.held().size(), kMax + 1);
  EXPECT_EQ(points(), 0u);
  lines_.Drop();
  lines_.StoreAll();
  EXPECT_EQ(points(), 0u);
}

}  // namespace
}  // namespace fluxgate
