// Sockets of the load generator and the do-nothing server.
//
// Encodings: an endpoint is `ADDRESS:PORT` with a numeric address, IPv6 in brackets.
// Errors: a socket that could not be made is -1, and the reason is on standard error.
// Thread: compatible.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fluxgate::bench {

// Owns a file descriptor.
class Socket {
 public:
  explicit Socket(int fd = -1) : fd_(fd) {}
  ~Socket();
  Socket(Socket&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  Socket& operator=(Socket&& other) noexcept;

  int fd() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }

 private:
  int fd_;
};

enum class Transport : uint8_t { kTcp, kUdp };

Socket Connect(const std::string& endpoint, Transport transport);

// Bound, and listening if TCP. Port 0 lets the system choose: see LocalPort.
Socket Listen(const std::string& endpoint, Transport transport);

uint16_t LocalPort(const Socket& socket);

void SetNonBlocking(int fd);

// Sends all of it, from a blocking socket; false when the peer is gone.
bool SendAll(int fd, std::string_view bytes);

}  // namespace fluxgate::bench
