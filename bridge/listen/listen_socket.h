// Opens the sockets that the bridge listens on.
//
// An address without a host listens on IPv6 and IPv4 alike, on IPv4 alone where the machine has no
// IPv6.
// Errors: a name that does not resolve, a port in use and the like, as `listen tcp :9122: address
// already in use`.
// Thread: compatible.
#pragma once

#include "bridge/listen/listen_options.h"

#include <absl/status/statusor.h>

#include <string>
#include <sys/socket.h>
#include <utility>

namespace fluxgate {

// A bound socket, closed with its owner unless it was released.
class ListenSocket {
 public:
  ListenSocket(int fd, int family) : fd_(fd), family_(family) {}
  ListenSocket(ListenSocket&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), family_(other.family_) {}
  ListenSocket& operator=(ListenSocket&&) = delete;
  ~ListenSocket();

  int fd() const { return fd_; }
  int family() const { return family_; }  // AF_INET, AF_INET6 or AF_UNIX
  std::string Address() const;            // bound to, such as 127.0.0.1:9122 or [::]:9122
  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
  int family_;
};

// TCP, or a unix socket (unix_socket.h).
absl::StatusOr<ListenSocket> OpenStreamListener(const ListenAddress& address);

// A multicast group is joined, on the interface that the options name or, for IPv6, the address
// itself (`ff02::1%eth0`). Asks for a receive buffer of that many bytes; the kernel may give
// less.
absl::StatusOr<ListenSocket> OpenUdpSocket(const ListenAddress& address, int receive_buffer_size);

// `host:port`, `[host]:port` for IPv6, with the interface of a link-local one (`[fe80::1%eth0]:1`),
// `unix` for a unix socket; an IPv4 address mapped into IPv6 is written as IPv4.
std::string FormatAddress(const sockaddr_storage& address);

// As given on the command line.
std::string FormatAddress(const ListenAddress& address);

}  // namespace fluxgate
