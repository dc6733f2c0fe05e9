// Decimal digits, eight at a time.
//
// Thread: immutable.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace fluxgate::influx {

// More digits than this may not fit a uint64.
inline constexpr size_t kSafeDigitCount = 19;

constexpr bool IsDigit(char byte) {
  return byte >= '0' && byte <= '9';
}

// Whether each of the bytes is a digit: its high nibble is 3, and stays 3 when 6 is added.
constexpr bool AreEightDigits(uint64_t bytes) {
  constexpr uint64_t kHighNibbles = 0xf0f0f0f0f0f0f0f0;
  constexpr uint64_t kThrees = 0x3030303030303030;
  return (bytes & kHighNibbles) == kThrees &&
         ((bytes + 0x0606060606060606) & kHighNibbles) == kThrees;
}

// The number that eight digits spell, the first in the lowest byte: neighbours are joined to pairs,
// pairs to fours, fours to the eight.
constexpr uint64_t EightDigits(uint64_t bytes) {
  bytes -= 0x3030303030303030;
  bytes = bytes * 10 + (bytes >> 8);
  constexpr uint64_t kPairs = 0x000000ff000000ff;
  constexpr uint64_t kFirstPairs = (uint64_t{1'000'000} << 32) + 100;
  constexpr uint64_t kSecondPairs = (uint64_t{10'000} << 32) + 1;
  return ((bytes & kPairs) * kFirstPairs + ((bytes >> 16) & kPairs) * kSecondPairs) >> 32;
}

// Reads the digits of `text` from `at` on, multiplies `*value` by ten for each and adds it, modulo
// 2^64, and returns the offset behind them.
inline size_t ReadDigits(std::string_view text, size_t at, uint64_t* value) {
  static_assert(std::endian::native == std::endian::little);
  for (; text.size() - at >= 8; at += 8) {
    uint64_t bytes;
    std::memcpy(&bytes, text.data() + at, sizeof(bytes));
    if (!AreEightDigits(bytes)) {
      break;
    }
    *value = *value * 100'000'000 + EightDigits(bytes);
  }
  for (; at < text.size() && IsDigit(text[at]); ++at) {
    *value = *value * 10 + static_cast<uint64_t>(text[at] - '0');
  }
  return at;
}

}  // namespace fluxgate::influx
