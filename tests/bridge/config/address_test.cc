#include "bridge/config/address.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string_view>

namespace fluxgate {
namespace {

struct AddressCase {
  std::string_view text;
  std::string_view host;
  uint16_t port;
};

TEST(ParseAddress, ReadsHostAndPort) {
  const AddressCase cases[] = {
      {":9122", "", 9122},
      {"0.0.0.0:9122", "0.0.0.0", 9122},
      {"127.0.0.1:0", "127.0.0.1", 0},
      {"[::1]:9122", "::1", 9122},
      {"[::]:65535", "::", 65535},
      {"[fe80::1%eth0]:1", "fe80::1%eth0", 1},
      {"host:9122", "host", 9122},
      {"a.b-c:80", "a.b-c", 80},
  };
  for (const AddressCase& each : cases) {
    const auto address = ParseAddress(each.text);
    ASSERT_TRUE(address.has_value()) << each.text;
    EXPECT_EQ(address->host, each.host);
    EXPECT_EQ(address->port, each.port);
  }
}

TEST(ParseAddress, RefusesEverythingElse) {
  for (const std::string_view text :
       {"", "9122", ":", "host", "host:", ":-1", ":65536", ":9122x", ": 9122", "::1:9122", "[::1]",
        "[::1]9122", "[]:9122", "[::1:9122", "::1]:9122", "a b:1", "[[::1]]:1", "http://a:1",
        ":http"}) {
    EXPECT_EQ(ParseAddress(text).has_value(), false) << text;
  }
}

}  // namespace
}  // namespace fluxgate
