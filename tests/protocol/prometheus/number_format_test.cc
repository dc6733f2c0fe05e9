#include "protocol/prometheus/number_format.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <random>
#include <vector>

namespace fluxgate::prom {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::string Text(double value) {
  std::string out;
  AppendTextNumber(value, &out);
  return out;
}

std::string OpenMetrics(double value) {
  std::string out;
  AppendOpenMetricsNumber(value, &out);
  return out;
}

std::string GoFloat(double value) {
  std::string out;
  AppendGoFloat(value, &out);
  return out;
}

std::string Integer(int64_t value) {
  std::string out;
  AppendInteger(value, &out);
  return out;
}

// 0.ddd... x 10^point
struct Digits {
  std::string digits;
  int point = 0;
};

// The fewest digits that read back as `magnitude`, found by trying each length. The correctly
// rounded digits are not always among them: next to a power of two the number above may read back
// where the nearer one does not.
Digits ShortestDigits(double magnitude) {
  for (int decimals = 0;; ++decimals) {
    char text[64];
    std::snprintf(text, sizeof(text), "%.*e", decimals, magnitude);
    const std::string scientific = text;
    const size_t e = scientific.find('e');
    const int exponent = std::stoi(scientific.substr(e + 1));
    std::string rounded = scientific.substr(0, e);
    std::erase(rounded, '.');
    for (const int64_t step : {0, 1, -1}) {
      const std::string digits = std::to_string(std::stoll(rounded) + step);
      const std::string candidate = digits + "e" + std::to_string(exponent - decimals);
      if (std::strtod(candidate.c_str(), nullptr) == magnitude) {
        return {digits, exponent - decimals + static_cast<int>(digits.size())};
      }
    }
  }
}

// Go's %e layout: at least two exponent digits, and a sign.
std::string Scientific(const Digits& number) {
  char exponent[16];
  std::snprintf(exponent, sizeof(exponent), "e%+03d", number.point - 1);
  const std::string fraction = number.digits.substr(1);
  return number.digits.substr(0, 1) + (fraction.empty() ? "" : "." + fraction) + exponent;
}

std::string Plain(const Digits& number) {
  const auto& [digits, point] = number;
  if (point <= 0) {
    return "0." + std::string(static_cast<size_t>(-point), '0') + digits;
  }
  const auto whole = static_cast<size_t>(point);
  if (digits.size() <= whole) {
    return digits + std::string(whole - digits.size(), '0');
  }
  return digits.substr(0, whole) + "." + digits.substr(whole);
}

// Go's choice between the two. `value` is finite and not zero.
std::string ReferenceNumber(double value) {
  const Digits number = ShortestDigits(std::fabs(value));
  const int exponent = number.point - 1;
  const bool scientific = exponent < -4 || exponent >= 6;
  return (value < 0 ? "-" : "") + (scientific ? Scientific(number) : Plain(number));
}

void ExpectLikeReference(double value) {
  const std::string expected = ReferenceNumber(value);
  ASSERT_EQ(Text(value), expected);
  ASSERT_EQ(GoFloat(value), expected);
  const bool bare = expected.find_first_of(".e") == std::string::npos;
  ASSERT_EQ(OpenMetrics(value), bare ? expected + ".0" : expected);
  ASSERT_LE(expected.size() + 2, kNumberSizeMax);
}

TEST(NumberFormat, ValuesThatTheGoEncoderWasSeenToWrite) {
  const std::vector<std::pair<double, std::string>> seen = {
      {0, "0"},
      {-0.0, "0"},
      {1, "1"},
      {-1, "-1"},
      {0.1, "0.1"},
      {1e300, "1e+300"},
      {1e21, "1e+21"},
      {1e20, "1e+20"},
      {123456789012345678., "1.2345678901234568e+17"},
      {1234567.0, "1.234567e+06"},
      {1234567.5, "1.2345675e+06"},
      {999999, "999999"},
      {1000000, "1e+06"},
      {1e-7, "1e-07"},
      {0.0001, "0.0001"},
      {0.00001, "1e-05"},
      {9223372036854775807., "9.223372036854776e+18"},
      {-9223372036854775808., "-9.223372036854776e+18"},
      {3.14159265358979, "3.14159265358979"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
      {4.9e-324, "5e-324"},
      {123456.789, "123456.789"},
      {kNaN, "NaN"},
      {-kNaN, "NaN"},
      {kInfinity, "+Inf"},
      {-kInfinity, "-Inf"},
  };
  for (const auto& [value, text] : seen) {
    EXPECT_EQ(Text(value), text);
  }
}

TEST(NumberFormat, OpenMetricsNumberHasAPointOrAnExponent) {
  EXPECT_EQ(OpenMetrics(0), "0.0");
  EXPECT_EQ(OpenMetrics(-0.0), "0.0");
  EXPECT_EQ(OpenMetrics(1), "1.0");
  EXPECT_EQ(OpenMetrics(-1), "-1.0");
  EXPECT_EQ(OpenMetrics(999999), "999999.0");
  EXPECT_EQ(OpenMetrics(1e6), "1e+06");
  EXPECT_EQ(OpenMetrics(0.5), "0.5");
  EXPECT_EQ(OpenMetrics(kNaN), "NaN");
  EXPECT_EQ(OpenMetrics(kInfinity), "+Inf");
  EXPECT_EQ(OpenMetrics(-kInfinity), "-Inf");
}

TEST(NumberFormat, GoFloatKeepsTheSignOfZero) {
  EXPECT_EQ(GoFloat(-0.0), "-0");
  EXPECT_EQ(GoFloat(0.0), "0");
  EXPECT_EQ(GoFloat(1.5), "1.5");
  EXPECT_EQ(GoFloat(kNaN), "NaN");
  EXPECT_EQ(GoFloat(-kInfinity), "-Inf");
}

TEST(NumberFormat, IntegersHaveAllTheirDigits) {
  EXPECT_EQ(Integer(0), "0");
  EXPECT_EQ(Integer(1'700'000'000'123), "1700000000123");
  EXPECT_EQ(Integer(std::numeric_limits<int64_t>::max()), "9223372036854775807");
  EXPECT_EQ(Integer(std::numeric_limits<int64_t>::min()), "-9223372036854775808");
}

TEST(NumberFormat, AppendsBehindWhatIsThere) {
  std::string out = "x ";
  AppendTextNumber(2.5, &out);
  AppendOpenMetricsNumber(3, &out);
  EXPECT_EQ(out, "x 2.53.0");
}

TEST(NumberFormat, NeighboursOfTheLayoutBoundsAreLikeTheReference) {
  for (const double bound : {1e-5, 1e-4, 1e-3, 1.0, 1e5, 999999.0, 1e6, 1e7, 0x1p31, 0x1p53}) {
    double below = bound;
    double above = bound;
    for (int i = 0; i < 200; ++i) {
      ExpectLikeReference(below);
      ExpectLikeReference(-above);
      below = std::nextafter(below, 0);
      above = std::nextafter(above, kInfinity);
    }
  }
}

TEST(NumberFormat, PowersOfTenAndTheirMultiplesAreLikeTheReference) {
  for (int exponent = -323; exponent <= 308; ++exponent) {
    for (const char* digits : {"1", "2", "5", "9.99", "1.25", "123456", "9999999999999999"}) {
      const std::string text = digits + ("e" + std::to_string(exponent));
      const double value = std::strtod(text.c_str(), nullptr);
      if (value != 0 && std::isfinite(value)) {
        ExpectLikeReference(value);
      }
    }
  }
}

// Below a power of two the doubles lie closer than above it, so its shortest digits are a case of
// their own.
TEST(NumberFormat, PowersOfTwoAreLikeTheReference) {
  for (int exponent = -1074; exponent <= 1023; ++exponent) {
    ExpectLikeReference(std::ldexp(1.0, exponent));
  }
}

TEST(NumberFormat, IntegersOfEverySizeAreLikeTheReference) {
  std::mt19937_64 random(3);
  for (int i = 1; i <= 3000; ++i) {
    ExpectLikeReference(i);
    ExpectLikeReference(-i * 1000);
    ExpectLikeReference(1'000'000 - i);
    ExpectLikeReference(1'000'000 + i);
    ExpectLikeReference(static_cast<double>((random() >> (random() % 63)) | 1));
  }
}

TEST(NumberFormat, DecimalsOfUsualReadingsAreLikeTheReference) {
  for (int i = 1; i < 20'000; ++i) {
    ExpectLikeReference(i / 100.0);
    ExpectLikeReference(-i / 1000.0);
    ExpectLikeReference(i * 1e-7);
  }
}

TEST(NumberFormat, RandomDoublesAreLikeTheReference) {
  std::mt19937_64 random(5);
  for (int i = 0; i < 50'000; ++i) {
    const double any = std::bit_cast<double>(random());
    if (std::isfinite(any) && any != 0) {
      ExpectLikeReference(any);
    }
    ExpectLikeReference(std::ldexp(static_cast<double>(random() | 1), -64) * 100);
  }
}

TEST(NumberFormat, EveryNumberReadsBackTheSame) {
  std::mt19937_64 random(9);
  for (int i = 0; i < 200'000; ++i) {
    const double value = std::bit_cast<double>(random());
    if (std::isfinite(value)) {
      ASSERT_EQ(std::strtod(Text(value).c_str(), nullptr), value);
      ASSERT_EQ(std::strtod(OpenMetrics(value).c_str(), nullptr), value);
    }
  }
}

}  // namespace
}  // namespace fluxgate::prom
