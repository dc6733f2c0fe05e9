#include "protocol/influx/digits.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace fluxgate::influx {
namespace {

TEST(Digits, EightBytesAreDigitsWhenEachIs) {
  for (int place = 0; place < 8; ++place) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string text = "90817263";
      text[static_cast<size_t>(place)] = static_cast<char>(byte);
      uint64_t bytes = 0;
      std::memcpy(&bytes, text.data(), 8);
      EXPECT_EQ(AreEightDigits(bytes), IsDigit(static_cast<char>(byte))) << place << ' ' << byte;
    }
  }
}

TEST(Digits, NumbersOfEveryLengthAreRead) {
  std::mt19937_64 random(11);
  for (int i = 0; i < 20'000; ++i) {
    const uint64_t number = random() >> (random() % 64);
    const std::string digits = std::to_string(number);
    const std::string before(random() % 10, 'x');
    const std::string text = before + digits + (random() % 2 == 0 ? "" : "i 12345678");
    uint64_t value = 0;
    EXPECT_EQ(ReadDigits(text, before.size(), &value), before.size() + digits.size());
    EXPECT_EQ(value, number) << text;
  }
}

TEST(Digits, WhatWasReadBeforeCounts) {
  uint64_t value = 12;
  EXPECT_EQ(ReadDigits("345678901", 0, &value), 9);
  EXPECT_EQ(value, 12'345'678'901);
  EXPECT_EQ(ReadDigits("", 0, &value), 0);
  EXPECT_EQ(ReadDigits("/", 0, &value), 0);
  EXPECT_EQ(ReadDigits("1:", 0, &value), 1);
  EXPECT_EQ(value, 123'456'789'011);
}

}  // namespace
}  // namespace fluxgate::influx
