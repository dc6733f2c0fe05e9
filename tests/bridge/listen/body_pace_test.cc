#include "bridge/listen/body_pace.h"

#include <gtest/gtest.h>

namespace fluxgate {
namespace {

TEST(BodyPace, ABodyMayStandStillForAWhile) {
  BodyPace pace;
  pace.Begin(1000);
  EXPECT_EQ(pace.Deadline(1000), 1000 + kBodySecondsMax);
  EXPECT_EQ(pace.Deadline(1020), 1020 + kBodySecondsMax);
}

TEST(BodyPace, AByteNowAndThenIsNotEnough) {
  BodyPace pace;
  pace.Begin(1000);
  uint32_t now = 1000;
  while (now < pace.Deadline(now)) {
    now = std::min(now + 29, pace.Deadline(now));
    pace.Add(1);
  }
  EXPECT_EQ(now, 1000 + kBodyGraceSeconds);
  pace.Begin(2000);
  EXPECT_EQ(pace.Deadline(2000), 2000 + kBodySecondsMax);
}

// A modem of 2,400 bits a second.
TEST(BodyPace, ASlowLineIs) {
  BodyPace pace;
  pace.Begin(1000);
  uint32_t now = 1000;
  for (int i = 0; i < 100'000; ++i) {
    EXPECT_EQ(pace.Deadline(now), now + kBodySecondsMax);
    pace.Add(size_t{240} * 10);
    now += 10;
  }
}

}  // namespace
}  // namespace fluxgate
