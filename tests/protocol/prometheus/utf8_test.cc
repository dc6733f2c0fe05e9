#include "protocol/prometheus/utf8.h"

#include "tests/reference/reference_utf8.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace fluxgate::prom {
namespace {

size_t ReferenceSize(std::string_view bytes) {
  std::string_view rest = bytes;
  return reference::TakeCodePoint(&rest).has_value() ? bytes.size() - rest.size() : 0;
}

std::string AsUtf8(std::string_view bytes) {
  std::string out;
  AppendAsUtf8(bytes, &out);
  return out;
}

void ExpectLikeReference(const std::string& bytes) {
  ASSERT_EQ(Utf8SequenceSize(bytes), ReferenceSize(bytes)) << testing::PrintToString(bytes);
  ASSERT_EQ(IsUtf8(bytes), reference::IsWellFormed(bytes)) << testing::PrintToString(bytes);
}

TEST(Utf8, EmptyInputHasNoSequenceButIsUtf8) {
  EXPECT_EQ(Utf8SequenceSize(""), 0U);
  EXPECT_TRUE(IsUtf8(""));
  EXPECT_EQ(AsUtf8(""), "");
}

TEST(Utf8, AllOneAndTwoByteInputsAreJudgedLikeTheReference) {
  for (int first = 0; first < 256; ++first) {
    ExpectLikeReference(std::string(1, static_cast<char>(first)));
    for (int second = 0; second < 256; ++second) {
      ExpectLikeReference({static_cast<char>(first), static_cast<char>(second)});
    }
  }
}

TEST(Utf8, AllThreeByteInputsWithAThreeByteLeadAreJudgedLikeTheReference) {
  for (int first = 0xE0; first < 0xF0; ++first) {
    for (int rest = 0; rest < 65536; ++rest) {
      ExpectLikeReference(
          {static_cast<char>(first), static_cast<char>(rest >> 8), static_cast<char>(rest & 0xFF)});
    }
  }
}

TEST(Utf8, EveryCodePointIsOneSequence) {
  for (uint32_t code = 0; code <= 0x10FFFF; ++code) {
    if (code >= 0xD800 && code <= 0xDFFF) {
      continue;
    }
    std::string bytes;
    reference::AppendCodePoint(code, &bytes);
    ASSERT_EQ(Utf8SequenceSize(bytes), bytes.size()) << code;
    ASSERT_EQ(Utf8SequenceSize(bytes.substr(0, bytes.size() - 1)), 0U) << code;
  }
}

TEST(Utf8, OverlongSurrogateAndTooLargeFormsAreNone) {
  for (const char* bytes :
       {"\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF", "\xED\xA0\x80", "\xED\xBF\xBF",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xF8\x88\x80\x80\x80", "\xFF"}) {
    EXPECT_EQ(Utf8SequenceSize(bytes), 0U) << testing::PrintToString(bytes);
    EXPECT_FALSE(IsUtf8(bytes)) << testing::PrintToString(bytes);
  }
}

// Bytes that make valid and nearly valid sequences likely.
std::string RandomBytes(std::mt19937* random) {
  static constexpr std::string_view kPieces[] = {
      "a",    "abcdefgh", "\x80", "\xBF", "\xC3",     "\xA9",         "\xE2\x82", "\xAC",
      "\xED", "\xA0",     "\xF0", "\x90", "\xF4\x8F", "\xF0\x9F\x98", "\x80",     "\xFF"};
  std::string bytes;
  const size_t count = (*random)() % 12;
  for (size_t i = 0; i < count; ++i) {
    bytes += kPieces[(*random)() % std::size(kPieces)];
  }
  return bytes;
}

TEST(Utf8, RandomInputsAreJudgedLikeTheReference) {
  std::mt19937 random(20240501);
  for (int i = 0; i < 200'000; ++i) {
    ExpectLikeReference(RandomBytes(&random));
  }
}

// Where the valid eight-byte steps end must not matter.
TEST(Utf8, OneBadByteIsFoundAtEveryOffset) {
  for (size_t size = 1; size < 40; ++size) {
    for (size_t at = 0; at < size; ++at) {
      std::string bytes(size, 'x');
      bytes[at] = '\xE9';
      EXPECT_FALSE(IsUtf8(bytes)) << size << " " << at;
      std::string expected(size - 1, 'x');
      expected.insert(at, "é");
      EXPECT_EQ(AsUtf8(bytes), expected) << size << " " << at;
    }
  }
}

TEST(Windows1252Repair, ValidTextIsKept) {
  std::string out = "before ";
  EXPECT_EQ(AppendAsUtf8("héllo 😀 \x7F", &out), 0U);
  EXPECT_EQ(out, "before héllo 😀 \x7F");
}

TEST(Windows1252Repair, Latin1NameBecomesLegible) {
  EXPECT_EQ(AsUtf8("caf\xE9"), "café");
  EXPECT_EQ(AsUtf8("\xC4\xD6\xDC"), "ÄÖÜ");
}

TEST(Windows1252Repair, EuroRangeIsWindows1252) {
  EXPECT_EQ(AsUtf8("\x80\x82\x8A\x91\x94\x99\x9F"), "€‚Š‘”™Ÿ");
}

TEST(Windows1252Repair, UndefinedBytesBecomeControls) {
  EXPECT_EQ(AsUtf8("\x81\x8D\x8F\x90\x9D"), "\xC2\x81\xC2\x8D\xC2\x8F\xC2\x90\xC2\x9D");
}

TEST(Windows1252Repair, ByteFromA0IsTheCodePointOfTheSameNumber) {
  for (uint32_t code = 0xA0; code <= 0xFF; ++code) {
    std::string expected;
    reference::AppendCodePoint(code, &expected);
    EXPECT_EQ(AsUtf8(std::string(1, static_cast<char>(code))), expected);
  }
}

TEST(Windows1252Repair, DistinctBytesStayDistinct) {
  std::set<std::string> repaired;
  for (int byte = 0; byte < 256; ++byte) {
    repaired.insert(AsUtf8(std::string(1, static_cast<char>(byte))));
  }
  EXPECT_EQ(repaired.size(), 256U);
}

TEST(Windows1252Repair, TruncatedSequenceIsRepairedByteByByte) {
  std::string out;
  EXPECT_EQ(AppendAsUtf8("a\xE2\x82", &out), 2U);
  EXPECT_EQ(out, "aâ‚");
  out.clear();
  EXPECT_EQ(AppendAsUtf8("\xE2\x82\xAC\xE2", &out), 1U);
  EXPECT_EQ(out, "€â");
}

TEST(Windows1252Repair, ResultIsAlwaysUtf8AndCountIsZeroOnlyForUtf8) {
  std::mt19937 random(7);
  for (int i = 0; i < 100'000; ++i) {
    const std::string bytes = RandomBytes(&random);
    std::string out;
    const size_t repaired = AppendAsUtf8(bytes, &out);
    ASSERT_TRUE(reference::IsWellFormed(out)) << testing::PrintToString(bytes);
    ASSERT_EQ(repaired == 0, reference::IsWellFormed(bytes)) << testing::PrintToString(bytes);
    ASSERT_EQ(repaired == 0, out == bytes) << testing::PrintToString(bytes);
  }
}

}  // namespace
}  // namespace fluxgate::prom
