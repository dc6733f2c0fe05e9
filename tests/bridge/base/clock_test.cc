#include "bridge/base/clock.h"

#include <gtest/gtest.h>

namespace fluxgate {
namespace {

TEST(SystemClock, WallTimeIsTheTimeOfTheSystem) {
  const int64_t before = time(nullptr);
  const int64_t wall_ns = SystemClock().Read().wall_ns;
  const int64_t after = time(nullptr);
  EXPECT_GE(wall_ns / 1'000'000'000, before);
  EXPECT_LE(wall_ns / 1'000'000'000, after);
}

TEST(SystemClock, TicksAreSixteenthsOfASecondOfTheBootClock) {
  timespec boot{};
  clock_gettime(CLOCK_BOOTTIME, &boot);
  const Tick before = static_cast<Tick>(boot.tv_sec * kTicksPerSecond);
  const Tick tick = SystemClock().Read().tick;
  clock_gettime(CLOCK_BOOTTIME, &boot);
  const Tick after = static_cast<Tick>((boot.tv_sec + 1) * kTicksPerSecond);
  EXPECT_GE(tick, before);
  EXPECT_LE(tick, after);
}

TEST(SystemClock, TicksNeverGoBack) {
  const SystemClock clock;
  Tick last = clock.Read().tick;
  for (int i = 0; i < 10'000; ++i) {
    const Tick tick = clock.Read().tick;
    ASSERT_GE(tick, last);
    last = tick;
  }
}

TEST(ManualClock, StandsStillUntilItIsMoved) {
  ManualClock clock(5'000, 7);
  EXPECT_EQ(clock.Read().wall_ns, 5'000);
  EXPECT_EQ(clock.Read().tick, 7U);
  clock.Advance(2 * kNanosecondsPerTick);
  EXPECT_EQ(clock.Read().wall_ns, 5'000 + 2 * kNanosecondsPerTick);
  EXPECT_EQ(clock.Read().tick, 9U);
}

TEST(ManualClock, StepOfTheWallTimeLeavesTheTicks) {
  ManualClock clock(5'000, 7);
  clock.StepWall(-4'000);
  EXPECT_EQ(clock.Read().wall_ns, 1'000);
  EXPECT_EQ(clock.Read().tick, 7U);
}

}  // namespace
}  // namespace fluxgate
