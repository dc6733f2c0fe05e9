#include "protocol/influx/number.h"

#include <absl/strings/str_format.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>
#include <string_view>

namespace fluxgate::influx {
namespace {

Field Parsed(std::string_view token) {
  Field field;
  const std::optional<LineErrorCode> error = ParseNumber(token, &field);
  EXPECT_FALSE(error) << token << ": " << Name(error.value_or(LineErrorCode::kInvalidNumber));
  return field;
}

void ExpectFloat(const std::string& token, double value) {
  const Field field = Parsed(token);
  EXPECT_EQ(field.type, FieldType::kFloat) << token;
  EXPECT_EQ(std::bit_cast<uint64_t>(field.float_value), std::bit_cast<uint64_t>(value))
      << token << " is " << field.float_value << ", not " << value;
}

void ExpectError(std::string_view token, LineErrorCode code) {
  Field field;
  const std::optional<LineErrorCode> error = ParseNumber(token, &field);
  ASSERT_TRUE(error) << token;
  EXPECT_EQ(Name(*error), Name(code)) << token;
}

TEST(Number, Integers) {
  EXPECT_EQ(Parsed("0i").int_value, 0);
  EXPECT_EQ(Parsed("-17i").int_value, -17);
  EXPECT_EQ(Parsed("007i").int_value, 7);
  EXPECT_EQ(Parsed("999999999999999999i").int_value, 999999999999999999);
  EXPECT_EQ(Parsed("9223372036854775807i").int_value, std::numeric_limits<int64_t>::max());
  EXPECT_EQ(Parsed("-9223372036854775808i").int_value, std::numeric_limits<int64_t>::min());
  EXPECT_EQ(Parsed("00000000000000000000000005i").int_value, 5);
  EXPECT_EQ(Parsed("1i").type, FieldType::kInt);
}

TEST(Number, IntegersOutOfRange) {
  ExpectError("9223372036854775808i", LineErrorCode::kIntegerOutOfRange);
  ExpectError("-9223372036854775809i", LineErrorCode::kIntegerOutOfRange);
  ExpectError("18446744073709551616u", LineErrorCode::kUnsignedOutOfRange);
}

TEST(Number, UnsignedIntegers) {
  EXPECT_EQ(Parsed("0u").uint_value, 0);
  EXPECT_EQ(Parsed("18446744073709551615u").uint_value, std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(Parsed("1u").type, FieldType::kUint);
  ExpectError("-1u", LineErrorCode::kInvalidNumber);
  ExpectError("-9223372036854775808u", LineErrorCode::kInvalidNumber);
}

TEST(Number, FloatForms) {
  ExpectFloat("1", 1);
  ExpectFloat("1.", 1);
  ExpectFloat(".5", 0.5);
  ExpectFloat("-.5", -0.5);
  ExpectFloat("00001", 1);
  ExpectFloat("-0", -0.0);
  ExpectFloat("-0.", -0.0);
  ExpectFloat("1e5", 1e5);
  ExpectFloat("1E+5", 1e5);
  ExpectFloat("5.e-5", 5e-5);
  ExpectFloat("123456789012345678901234567890", 123456789012345678901234567890.0);
}

TEST(Number, FloatsThatOverflowAreErrors) {
  for (const char* token : {"1e400", "-1e400", "1.7976931348623159e308", "1e99999999999999999999",
                            "0.0001e99999999999999999999"}) {
    ExpectError(token, LineErrorCode::kInvalidFloat);
  }
  ExpectError(std::string(400, '1'), LineErrorCode::kInvalidFloat);
}

TEST(Number, FloatsThatUnderflowAreZero) {
  ExpectFloat("1e-400", 0.0);
  ExpectFloat("-1e-400", -0.0);
  ExpectFloat("1e-99999999999999999999", 0.0);
  ExpectFloat("0e99999999999999999999", 0.0);
  ExpectFloat("2e-324", 0.0);
  ExpectFloat("3e-324", 5e-324);
  ExpectFloat("0." + std::string(400, '0') + "1", 0.0);
  ExpectFloat(std::string(400, '1') + "e-800", 0.0);
  ExpectFloat("0." + std::string(400, '0') + "1e401", 1.0);
}

TEST(Number, BadForms) {
  for (const char* token :
       {"-",   ".",   "-.",   "1.1.1", "1.0i", "1e5i", "0x10", "1_000", "NaN",
        "nan", "n",   "-inf", "1ii",   "1iu",  "1i5",  "1u5",  "-i",    ".i",
        "--5", "1-2", "1f",   "-u",    "+1",   "i",    "u",    "1 ",    "1e5-"}) {
    ExpectError(token, LineErrorCode::kInvalidNumber);
  }
  for (const char* token : {"1e", "1e+", "1e5.5", ".e5", "-e5", "1ee5", "1e5e5", "-.e5"}) {
    ExpectError(token, LineErrorCode::kInvalidFloat);
  }
}

TEST(Number, FloatsAreTheNearestDoubles) {
  std::mt19937_64 random(17);
  for (int i = 0; i < 100'000; ++i) {
    const uint64_t digits = random() >> (random() % 64);
    std::string token = std::to_string(digits);
    token.insert(random() % (token.size() + 1), ".");
    if (i % 4 == 0) {
      token += absl::StrFormat("e%d", static_cast<int>(random() % 640) - 320);
    }
    if (std::isinf(std::strtod(token.c_str(), nullptr))) {
      ExpectError(token, LineErrorCode::kInvalidFloat);
    } else {
      ExpectFloat(token, std::strtod(token.c_str(), nullptr));
    }
  }
}

TEST(Number, EveryPowerOfTwoOfBothSignsReadsBack) {
  for (int exponent = -1074; exponent < 1024; ++exponent) {
    const double value = std::ldexp(exponent % 2 == 0 ? 1.0 : -1.0, exponent);
    ExpectFloat(absl::StrFormat("%.17g", value), value);
  }
}

TEST(Boolean, TenSpellings) {
  Field field;
  for (const char* token : {"t", "T", "true", "True", "TRUE"}) {
    EXPECT_FALSE(ParseBoolean(token, &field)) << token;
    EXPECT_EQ(field.type, FieldType::kBool);
    EXPECT_TRUE(field.bool_value) << token;
  }
  for (const char* token : {"f", "F", "false", "False", "FALSE"}) {
    EXPECT_FALSE(ParseBoolean(token, &field)) << token;
    EXPECT_FALSE(field.bool_value) << token;
  }
}

TEST(Boolean, NothingElse) {
  Field field;
  for (const char* token : {"tr", "tRUE", "truee", "yes", "true\r", "+1", "=", "\\"}) {
    EXPECT_EQ(ParseBoolean(token, &field), LineErrorCode::kInvalidBoolean) << token;
  }
}

}  // namespace
}  // namespace fluxgate::influx
