#include "protocol/prometheus/duration.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace fluxgate::prom {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

struct DurationCase {
  std::string_view text;
  std::optional<int64_t> ns;
};

TEST(ParseDuration, ReadsBothNotations) {
  const DurationCase cases[] = {
      {"0", 0},
      {"0s", 0},
      {"5m", 300 * kSecond},
      {"1h30m", 5400 * kSecond},
      {"1.5h", 5400 * kSecond},
      {".5s", kSecond / 2},
      {"1.s", kSecond},
      {"500ms", kSecond / 2},
      {"1m0.5s", 60 * kSecond + kSecond / 2},
      {"1d", 86400 * kSecond},
      {"1w", 7 * 86400 * kSecond},
      {"1y2w3d", (365 + 14 + 3) * 86400 * kSecond},
      {"7ns", 7},
      {"7us", 7000},
      {"7\xC2\xB5s", 7000},
      {"7\xCE\xBCs", 7000},
      {"0.1s", kSecond / 10},
      {"1.000000001s", kSecond + 1},
      {"1.0000000001s", kSecond},
      {"292y", int64_t{292} * 365 * 86400 * kSecond},
      {"9223372036854775807ns", INT64_MAX},
  };
  for (const DurationCase& each : cases) {
    EXPECT_EQ(ParseDuration(each.text), each.ns) << each.text;
  }
}

TEST(ParseDuration, RefusesEverythingElse) {
  for (const std::string_view text : {"",
                                      " ",
                                      "5",
                                      "m",
                                      "5x",
                                      "5 m",
                                      " 5m",
                                      "5m ",
                                      "-5m",
                                      "+5m",
                                      "1h-30m",
                                      "5mm",
                                      ".s",
                                      ".",
                                      "1e3s",
                                      "0x5s",
                                      "1..5s",
                                      "1.5.5s",
                                      "5M",
                                      "infinity",
                                      "300y",
                                      "9223372036854775808ns",
                                      "99999999999999999999s",
                                      "292y292y"}) {
    EXPECT_EQ(ParseDuration(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace fluxgate::prom
