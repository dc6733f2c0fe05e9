#include "bridge/config/address.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
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

TEST(ParseStreamAddress, ReadsAddressesAndUnixSockets) {
  const auto tcp = ParseStreamAddress("[::1]:9122");
  ASSERT_TRUE(tcp.ok());
  EXPECT_EQ(tcp->host, "::1");
  EXPECT_FALSE(tcp->is_unix());
  const auto path = ParseStreamAddress("unix:/run/f.sock?mode=0660&owner=a&group=7");
  ASSERT_TRUE(path.ok());
  EXPECT_EQ(path->path, "/run/f.sock");
  EXPECT_EQ(path->mode, 0660u);
  EXPECT_EQ(path->owner, "a");
  EXPECT_EQ(path->group, "7");
  EXPECT_EQ(ParseStreamAddress("unix:/run/f.sock")->mode, std::nullopt);
  for (const std::string_view text :
       {"", "unix:", "unix:f.sock", "unix:/f?mode=9", "unix:/f?mode=1777", "unix:/f?db=x",
        "unix:/f?mode", "/run/f.sock", ":9122?mode=0660"}) {
    EXPECT_FALSE(ParseStreamAddress(text).ok()) << text;
  }
}

TEST(ParseLineListener, ReadsWhatFollowsTheAddress) {
  const auto udp =
      ParseLineListener(WriteProtocol::kUdp, "239.1.1.1:1?db=d&rp=r&precision=s&interface=eth0");
  ASSERT_TRUE(udp.ok());
  EXPECT_EQ(udp->params.protocol, WriteProtocol::kUdp);
  EXPECT_EQ(udp->params.database, "d");
  EXPECT_EQ(udp->params.retention_policy, "r");
  EXPECT_EQ(udp->params.precision, influx::Precision::kSecond);
  EXPECT_EQ(udp->address.network_interface, "eth0");
  const auto path = ParseLineListener(WriteProtocol::kUnix, "/f?mode=0600&db=d");
  ASSERT_TRUE(path.ok());
  EXPECT_EQ(path->address.path, "/f");
  EXPECT_EQ(path->params.database, "d");
}

TEST(ParseLineListener, PresetsMayBeChanged) {
  const auto plain = ParseLineListener(WriteProtocol::kUdp, ":1?preset=collectd");
  EXPECT_EQ(plain->params.database, "collectd");
  EXPECT_EQ(plain->params.precision, influx::Precision::kMillisecond);
  const auto changed = ParseLineListener(WriteProtocol::kUdp, ":1?db=x&preset=collectd");
  EXPECT_EQ(changed->params.database, "x");
  EXPECT_EQ(changed->params.precision, influx::Precision::kMillisecond);
}

TEST(ParseLineListener, RefusesWhatItDoesNotKnow) {
  for (const std::string_view text : {":1?x=1", ":1?mode=0600", ":1?precision=eon", ":1?preset=x",
                                      ":1?interface=eth0", "/f", ":1?&&"}) {
    EXPECT_FALSE(ParseLineListener(WriteProtocol::kTcp, text).ok()) << text;
  }
  EXPECT_FALSE(ParseLineListener(WriteProtocol::kUnix, "f.sock").ok());
}

}  // namespace
}  // namespace fluxgate
