#include "bridge/config/byte_size.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace fluxgate {
namespace {

struct SizeCase {
  std::string_view text;
  uint64_t size;
};

TEST(ParseByteSize, ReadsUnits) {
  const SizeCase cases[] = {
      {"0", 0},
      {"1024", 1024},
      {"1B", 1},
      {"1KiB", 1024},
      {"1kib", 1024},
      {"1kB", 1000},
      {"1KB", 1000},
      {"1MiB", 1048576},
      {"32MB", 32000000},
      {"3GiB", 3221225472},
      {"2GB", 2000000000},
      {"1TB", 1000000000000},
      {"1TiB", 1099511627776},
      {"9223372036854775807", INT64_MAX},
  };
  for (const SizeCase& each : cases) {
    EXPECT_EQ(ParseByteSize(each.text), each.size) << each.text;
  }
}

TEST(ParseByteSize, RefusesEverythingElse) {
  for (const std::string_view text :
       {"", "B", "MiB", "-1", "+1", "1.5MiB", "1 MiB", " 1", "1XB", "1K", "0x10",
        "9223372036854775808", "18446744073709551616", "8388608TiB"}) {
    EXPECT_EQ(ParseByteSize(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace fluxgate
