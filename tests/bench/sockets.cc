#include "tests/bench/sockets.h"

#include <absl/cleanup/cleanup.h>

#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace fluxgate::bench {
namespace {

enum class Role : uint8_t { kClient, kServer };

void SetFlag(int fd, int level, int option) {
  const int on = 1;
  setsockopt(fd, level, option, &on, sizeof(on));
}

bool Attach(int fd, const addrinfo& address, Transport transport, Role role) {
  if (transport == Transport::kTcp) {
    SetFlag(fd, IPPROTO_TCP, TCP_NODELAY);
  }
  if (role == Role::kClient) {
    return connect(fd, address.ai_addr, address.ai_addrlen) == 0;
  }
  SetFlag(fd, SOL_SOCKET, SO_REUSEADDR);
  return bind(fd, address.ai_addr, address.ai_addrlen) == 0 &&
         (transport == Transport::kUdp || listen(fd, SOMAXCONN) == 0);
}

Socket Open(const std::string& endpoint, Transport transport, Role role) {
  const size_t colon = endpoint.rfind(':');
  std::string host = endpoint.substr(0, colon);
  const std::string port = colon == std::string::npos ? "" : endpoint.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  }
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = transport == Transport::kTcp ? SOCK_STREAM : SOCK_DGRAM;
  addrinfo* address = nullptr;
  if (getaddrinfo(host.c_str(), port.c_str(), &hints, &address) != 0) {
    std::fprintf(stderr, "%s: not an ADDRESS:PORT\n", endpoint.c_str());
    return Socket();
  }
  const absl::Cleanup release = [address] { freeaddrinfo(address); };
  Socket opened(socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC, 0));
  if (!opened.is_open() || !Attach(opened.fd(), *address, transport, role)) {
    std::fprintf(stderr, "%s: %s\n", endpoint.c_str(), std::strerror(errno));
    return Socket();
  }
  return opened;
}

}  // namespace

Socket::~Socket() {
  if (fd_ >= 0) {
    close(fd_);
  }
}

Socket& Socket::operator=(Socket&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

Socket Connect(const std::string& endpoint, Transport transport) {
  return Open(endpoint, transport, Role::kClient);
}

Socket Listen(const std::string& endpoint, Transport transport) {
  return Open(endpoint, transport, Role::kServer);
}

uint16_t LocalPort(const Socket& socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  getsockname(socket.fd(), reinterpret_cast<sockaddr*>(&address), &size);
  // The port stands at the same place in sockaddr_in and sockaddr_in6.
  in_port_t port = 0;
  std::memcpy(&port, reinterpret_cast<const char*>(&address) + sizeof(sa_family_t), sizeof(port));
  return ntohs(port);
}

void SetNonBlocking(int fd) {
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

bool SendAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

}  // namespace fluxgate::bench
