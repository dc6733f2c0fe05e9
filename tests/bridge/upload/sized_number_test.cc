#include "bridge/upload/sized_number.h"

#include <gtest/gtest.h>

namespace fluxgate {
namespace {

TEST(ParseSizedNumber, Units) {
  EXPECT_EQ(ParseSizedNumber("1863756"), 1863756);
  EXPECT_EQ(ParseSizedNumber("0.16"), 0.16);
  EXPECT_EQ(ParseSizedNumber("-3"), -3);
  EXPECT_EQ(ParseSizedNumber("+3"), 3);
  EXPECT_EQ(ParseSizedNumber("86%"), 86);
  EXPECT_EQ(ParseSizedNumber("512B"), 512);
  EXPECT_EQ(ParseSizedNumber("27G"), 27.0 * 1024 * 1024 * 1024);
  EXPECT_EQ(ParseSizedNumber("3.6g"), 3.6 * 1024 * 1024 * 1024);
  EXPECT_EQ(ParseSizedNumber("2Ki"), 2048);
  EXPECT_EQ(ParseSizedNumber("2MiB"), 2.0 * 1024 * 1024);
  EXPECT_EQ(ParseSizedNumber("2kB"), 2000);
  EXPECT_EQ(ParseSizedNumber("2TB"), 2e12);
}

TEST(ParseSizedNumber, WhatIsNoNumber) {
  for (const char* text :
       {"", "x", "G", "%", "1x", "1%%", "1GG", "1 G", "nan", "inf", "1e400", "1Gx"}) {
    EXPECT_EQ(ParseSizedNumber(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace fluxgate
