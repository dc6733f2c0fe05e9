#include "bridge/listen/listen_socket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <net/if.h>
#include <netinet/in.h>
#include <string>
#include <unistd.h>

namespace fluxgate {
namespace {

sockaddr_storage V4(const char* host, uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  inet_pton(AF_INET, host, &address.sin_addr);
  sockaddr_storage storage{};
  std::memcpy(&storage, &address, sizeof address);
  return storage;
}

sockaddr_storage V6(const char* host, uint16_t port) {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(port);
  inet_pton(AF_INET6, host, &address.sin6_addr);
  sockaddr_storage storage{};
  std::memcpy(&storage, &address, sizeof address);
  return storage;
}

uint16_t PortOf(const ListenSocket& socket) {
  const std::string address = socket.Address();
  return static_cast<uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

bool Connects(const sockaddr_storage& address) {
  const int fd = socket(address.ss_family, SOCK_STREAM, 0);
  const socklen_t size = address.ss_family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
  const bool connected =
      fd >= 0 && connect(fd, reinterpret_cast<const sockaddr*>(&address), size) == 0;
  close(fd);
  return connected;
}

// The groups of IPv6 that the interface belongs to, as the kernel lists them.
std::string GroupsOf(uint32_t network_interface) {
  std::ifstream file("/proc/net/igmp6");
  std::string groups;
  for (std::string line; std::getline(file, line);) {
    if (std::stoul(line) == network_interface) {
      groups += line + "\n";
    }
  }
  return groups;
}

TEST(FormatAddress, WritesAddressesAsUrlsHaveThem) {
  EXPECT_EQ(FormatAddress(V4("1.2.3.4", 5)), "1.2.3.4:5");
  EXPECT_EQ(FormatAddress(V6("::1", 65535)), "[::1]:65535");
  EXPECT_EQ(FormatAddress(V6("::ffff:1.2.3.4", 5)), "1.2.3.4:5");
  sockaddr_storage scoped = V6("fe80::1", 5);
  reinterpret_cast<sockaddr_in6*>(&scoped)->sin6_scope_id = if_nametoindex("lo");
  EXPECT_EQ(FormatAddress(scoped), "[fe80::1%lo]:5");
  EXPECT_EQ(FormatAddress(ListenAddress{"", 9122}), ":9122");
  EXPECT_EQ(FormatAddress(ListenAddress{"::1", 1}), "[::1]:1");
  EXPECT_EQ(FormatAddress(ListenAddress{"host", 1}), "host:1");
}

TEST(ListenSocket, BindsAFreePort) {
  const auto socket = OpenStreamListener({"127.0.0.1", 0});
  ASSERT_TRUE(socket.ok()) << socket.status();
  EXPECT_NE(PortOf(*socket), 0);
  EXPECT_TRUE(Connects(V4("127.0.0.1", PortOf(*socket))));
}

TEST(ListenSocket, NoHostIsEveryFamilyThereIs) {
  const auto socket = OpenStreamListener({"", 0});
  ASSERT_TRUE(socket.ok()) << socket.status();
  EXPECT_TRUE(Connects(V4("127.0.0.1", PortOf(*socket))));
  if (socket->family() == AF_INET6) {
    EXPECT_TRUE(Connects(V6("::1", PortOf(*socket))));
  }
}

TEST(ListenSocket, NamesAreResolvedIPv4First) {
  const auto socket = OpenStreamListener({"localhost", 0});
  ASSERT_TRUE(socket.ok()) << socket.status();
  EXPECT_THAT(socket->Address(), testing::StartsWith("127.0.0.1:"));
}

TEST(ListenSocket, SaysWhatIsWrong) {
  const auto first = OpenStreamListener({"127.0.0.1", 0});
  const auto second = OpenStreamListener({"127.0.0.1", PortOf(*first)});
  EXPECT_EQ(std::string(second.status().message()),
            "listen tcp " + first->Address() + ": address already in use");
  EXPECT_THAT(std::string(OpenStreamListener({"no.such.host.invalid", 1}).status().message()),
              testing::StartsWith("listen tcp no.such.host.invalid:1: "));
  const auto udp = OpenUdpSocket({"127.0.0.1", 0}, 1 << 16);
  EXPECT_EQ(std::string(OpenUdpSocket({"127.0.0.1", PortOf(*udp)}, 1 << 16).status().message()),
            "listen udp " + udp->Address() + ": address already in use");
}

// A link-local address alone cannot be bound, as each interface has its own.
TEST(ListenSocket, LinkLocalGroupsTakeTheirInterfaceFromAddressOrOption) {
  const uint32_t loopback = if_nametoindex("lo");
  if (!OpenUdpSocket({"::1", 0}, 1 << 16).ok() || loopback == 0) {
    GTEST_SKIP() << "the machine has no IPv6";
  }
  const ListenAddress spellings[] = {
      {"ff02::1234%lo", 0}, {"ff02::1234", 0, "lo"}, {"ff02::1234%lo", 0, "lo"}};
  for (const ListenAddress& spelling : spellings) {
    const auto socket = OpenUdpSocket(spelling, 1 << 16);
    ASSERT_TRUE(socket.ok()) << socket.status();
    EXPECT_THAT(socket->Address(), testing::StartsWith("[ff02::1234%lo]:"));
    EXPECT_THAT(GroupsOf(loopback), testing::HasSubstr("ff020000000000000000000000001234"));
  }
}

TEST(ListenSocket, AnInterfaceThatIsNoneOrAnotherIsAnError) {
  EXPECT_THAT(std::string(OpenUdpSocket({"239.7.7.7", 0, "nope0"}, 1 << 16).status().message()),
              testing::EndsWith(": no such device"));
  EXPECT_FALSE(OpenUdpSocket({"ff02::1234%nope0", 0}, 1 << 16).ok());
}

TEST(ListenSocket, ClosesWithItsOwner) {
  uint16_t port = 0;
  {
    const auto socket = OpenStreamListener({"127.0.0.1", 0});
    port = PortOf(*socket);
  }
  EXPECT_FALSE(Connects(V4("127.0.0.1", port)));
}

}  // namespace
}  // namespace fluxgate
