#include "bridge/listen/listen_socket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <cstdint>
#include <cstring>
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

TEST(FormatAddress, WritesAddressesAsUrlsHaveThem) {
  EXPECT_EQ(FormatAddress(V4("1.2.3.4", 5)), "1.2.3.4:5");
  EXPECT_EQ(FormatAddress(V6("::1", 65535)), "[::1]:65535");
  EXPECT_EQ(FormatAddress(V6("::ffff:1.2.3.4", 5)), "1.2.3.4:5");
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
