#include "bridge/runtime/memory_release.h"

#include <gtest/gtest.h>

namespace fluxgate {
namespace {

TEST(MemoryRelease, IsDueOnceWhenManyAreGoneAndNoMoreAreGoing) {
  MemoryRelease release;
  EXPECT_FALSE(release.IsDue(100'000));
  EXPECT_FALSE(release.IsDue(60'000));
  EXPECT_FALSE(release.IsDue(20'000));
  EXPECT_TRUE(release.IsDue(20'000));
  EXPECT_FALSE(release.IsDue(20'000));
  EXPECT_FALSE(release.IsDue(0));
  EXPECT_TRUE(release.IsDue(0));
  EXPECT_FALSE(release.IsDue(0));
}

TEST(MemoryRelease, IsNotDueForFew) {
  MemoryRelease release;
  for (const uint64_t kept : {9'999U, 0U, 0U, 9'999U, 0U, 0U}) {
    EXPECT_FALSE(release.IsDue(kept));
  }
  // A fifth of many.
  EXPECT_FALSE(release.IsDue(1'000'000));
  EXPECT_FALSE(release.IsDue(800'000));
  EXPECT_FALSE(release.IsDue(800'000));
}

TEST(MemoryRelease, WhatGoesLittleByLittleAddsUp) {
  MemoryRelease release;
  EXPECT_FALSE(release.IsDue(40'000));
  for (uint64_t kept = 39'000; kept > 30'000; kept -= 1000) {
    EXPECT_FALSE(release.IsDue(kept));
    EXPECT_FALSE(release.IsDue(kept));
  }
  EXPECT_FALSE(release.IsDue(30'000));
  EXPECT_TRUE(release.IsDue(30'000));
}

}  // namespace
}  // namespace fluxgate
