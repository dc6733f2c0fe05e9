#include "bridge/cache/cell.h"

#include <gtest/gtest.h>

namespace fluxgate {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr Now kNow{1'700'000'000 * kSecond, 10'000};

CacheOptions Options(int64_t expiry_ns, ExpiryClock clock = ExpiryClock::kReceive) {
  CacheOptions options;
  options.sample_expiry_ns = expiry_ns;
  options.expiry_clock = clock;
  return options;
}

Cell CellOf(Tick tick, int64_t time_ns = kNow.wall_ns) {
  return {1, time_ns, tick, 0};
}

TEST(Freshness, SampleExpiresOneTickBehindItsExpiry) {
  const Freshness freshness(Options(10 * kSecond));
  EXPECT_FALSE(freshness.IsExpired(CellOf(kNow.tick - 160), kNow));
  EXPECT_TRUE(freshness.IsExpired(CellOf(kNow.tick - 161), kNow));
}

TEST(Freshness, PartOfATickCountsAsOne) {
  const Freshness freshness(Options(10 * kSecond + 1));
  EXPECT_FALSE(freshness.IsExpired(CellOf(kNow.tick - 161), kNow));
  EXPECT_TRUE(freshness.IsExpired(CellOf(kNow.tick - 162), kNow));
}

TEST(Freshness, SampleOfAnotherThreadsLaterTickIsNotExpired) {
  const Freshness freshness(Options(kSecond));
  EXPECT_FALSE(freshness.IsExpired(CellOf(kNow.tick + 3), kNow));
}

TEST(Freshness, TicksMayWrapAround) {
  const Freshness freshness(Options(10 * kSecond));
  EXPECT_FALSE(freshness.IsExpired(CellOf(UINT32_MAX - 9), {kNow.wall_ns, 150}));
  EXPECT_TRUE(freshness.IsExpired(CellOf(UINT32_MAX - 9), {kNow.wall_ns, 151}));
}

TEST(Freshness, LongestExpiryIsHeldAtTwoYears) {
  for (const int64_t expiry_ns : {INT64_MAX, INT64_MAX - 1, int64_t{100} * 365 * 86400 * kSecond}) {
    const Freshness freshness(Options(expiry_ns));
    EXPECT_EQ(freshness.expiry_ticks(), static_cast<Tick>(INT32_MAX / 2));
    EXPECT_FALSE(freshness.IsExpired(CellOf(kNow.tick - 700 * 86400 * 16U), kNow));
  }
}

TEST(Freshness, NoExpiryIsShorterThanATick) {
  EXPECT_EQ(Freshness(Options(0)).expiry_ticks(), 1U);
}

TEST(Freshness, BySampleTheOwnTimeCounts) {
  const Freshness freshness(Options(10 * kSecond, ExpiryClock::kSample));
  EXPECT_FALSE(freshness.IsExpired(CellOf(kNow.tick, kNow.wall_ns - 10 * kSecond), kNow));
  EXPECT_TRUE(freshness.IsExpired(CellOf(kNow.tick, kNow.wall_ns - 10 * kSecond - 1), kNow));
}

TEST(Freshness, BySampleAFutureTimeDoesNotKeepASampleForever) {
  const Freshness freshness(Options(10 * kSecond, ExpiryClock::kSample));
  EXPECT_FALSE(freshness.IsExpired(CellOf(kNow.tick - 160, INT64_MAX), kNow));
  EXPECT_TRUE(freshness.IsExpired(CellOf(kNow.tick - 161, INT64_MAX), kNow));
}

TEST(Freshness, BySampleTheLeastTimesThereAreDoNotOverflow) {
  const Freshness freshness(Options(INT64_MAX, ExpiryClock::kSample));
  EXPECT_FALSE(freshness.IsExpired(CellOf(kNow.tick, INT64_MIN), {-kSecond, kNow.tick}));
}

// For how many ticks a cell lives that is to live for `lifetime`.
Tick TicksLived(const Freshness& freshness, Tick lifetime, int64_t time_ns) {
  const Cell cell = CellOf(freshness.TickToLive(lifetime, time_ns, kNow), time_ns);
  Tick ticks = 0;
  while (!freshness.IsExpired(
      cell, {kNow.wall_ns + (ticks + 1) * kNanosecondsPerTick, kNow.tick + ticks + 1})) {
    ++ticks;
  }
  return ticks;
}

TEST(Freshness, AMemberOfAGroupLivesAsLongAsItShould) {
  for (const ExpiryClock clock : {ExpiryClock::kReceive, ExpiryClock::kSample}) {
    const Freshness freshness(Options(10 * kSecond, clock));
    for (const Tick lifetime : {1U, 15U, 159U, 160U, 161U, 5000U}) {
      for (const int64_t age_ns : {int64_t{0}, kSecond, 9 * kSecond, 11 * kSecond, 9000 * kSecond,
                                   -kSecond, -9000 * kSecond}) {
        EXPECT_EQ(TicksLived(freshness, lifetime, kNow.wall_ns - age_ns), lifetime)
            << lifetime << " " << age_ns;
      }
    }
  }
}

TEST(Freshness, TheLongestLifetimeBesideTheLongestExpiry) {
  const Tick longest = Freshness::TicksIn(INT64_MAX);
  for (const int64_t expiry_ns : {int64_t{0}, INT64_MAX}) {
    const Freshness freshness(Options(expiry_ns));
    for (const Tick lifetime : {1U, longest}) {
      const Cell cell = CellOf(freshness.TickToLive(lifetime, kNow.wall_ns, kNow));
      EXPECT_FALSE(freshness.IsExpired(cell, kNow));
      EXPECT_FALSE(freshness.IsExpired(cell, {kNow.wall_ns, kNow.tick + lifetime}));
      EXPECT_TRUE(freshness.IsExpired(cell, {kNow.wall_ns, kNow.tick + lifetime + 1}));
    }
  }
}

TEST(Freshness, AnExpiredTickIsExpired) {
  for (const int64_t expiry_ns : {int64_t{0}, 10 * kSecond, INT64_MAX}) {
    const Freshness freshness(Options(expiry_ns));
    EXPECT_TRUE(freshness.IsExpired(CellOf(freshness.ExpiredTick(kNow)), kNow));
  }
}

TEST(Freshness, HistoricIsOlderThanTheGreatestAge) {
  CacheOptions options;
  options.sample_age_max_ns = 100;
  EXPECT_FALSE(Freshness(options).IsHistoric(kNow.wall_ns - 100, kNow));
  EXPECT_TRUE(Freshness(options).IsHistoric(kNow.wall_ns - 101, kNow));
  EXPECT_FALSE(Freshness(options).IsHistoric(INT64_MAX, kNow));
  options.sample_age_max_ns = 0;
  EXPECT_FALSE(Freshness(options).IsHistoric(INT64_MIN, kNow));
}

TEST(IsOlder, EarlierTimeLosesAndTieGoesToTheLaterArrival) {
  EXPECT_TRUE(IsOlder(kNow.wall_ns - 2, CellOf(0, kNow.wall_ns - 1), kNow));
  EXPECT_FALSE(IsOlder(kNow.wall_ns - 1, CellOf(0, kNow.wall_ns - 1), kNow));
  EXPECT_FALSE(IsOlder(kNow.wall_ns, CellOf(0, kNow.wall_ns - 1), kNow));
}

TEST(IsOlder, TimesLaterThanNowAreAllNow) {
  EXPECT_FALSE(IsOlder(kNow.wall_ns, CellOf(kNow.tick, kNow.wall_ns + 5 * kSecond), kNow));
  EXPECT_FALSE(IsOlder(kNow.wall_ns + 1, CellOf(kNow.tick, INT64_MAX), kNow));
  EXPECT_TRUE(IsOlder(kNow.wall_ns - 1, CellOf(kNow.tick, INT64_MAX), kNow));
}

TEST(IsOlder, TimeToComeCountsAsItsArrivalAndFreezesNothing) {
  const Cell cell = CellOf(kNow.tick - 16, INT64_MAX);  // came a second ago
  EXPECT_FALSE(IsOlder(kNow.wall_ns - 1, cell, kNow));
  EXPECT_FALSE(IsOlder(kNow.wall_ns - kSecond, cell, kNow));
  EXPECT_TRUE(IsOlder(kNow.wall_ns - kSecond - 1, cell, kNow));
}

TEST(IsOlder, StepBackOfOurClockFreezesNothing) {
  const Cell cell = CellOf(kNow.tick - 16, kNow.wall_ns);
  const Now stepped{kNow.wall_ns - 3600 * kSecond, kNow.tick};
  EXPECT_FALSE(IsOlder(stepped.wall_ns - 1, cell, stepped));
}

TEST(Freshness, BySampleTimeTheExpiryIsAnAgeLimitToo) {
  CacheOptions options = Options(10 * kSecond);
  options.expiry_clock = ExpiryClock::kSample;
  options.sample_age_max_ns = 3600 * kSecond;
  EXPECT_FALSE(Freshness(options).IsHistoric(kNow.wall_ns - 10 * kSecond, kNow));
  EXPECT_TRUE(Freshness(options).IsHistoric(kNow.wall_ns - 10 * kSecond - 1, kNow));
  options.sample_age_max_ns = 0;
  EXPECT_FALSE(Freshness(options).IsHistoric(kNow.wall_ns - 10 * kSecond - 1, kNow));
}

}  // namespace
}  // namespace fluxgate
