#include "bridge/listen/stream_socket.h"

#include "bridge/listen/listen_socket.h"

#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace fluxgate {

void KeepAlive(StreamSocket* socket) {
  const auto set = [socket](int level, int name, int value) {
    // Fails for a unix socket, which is told at once when the other end goes.
    setsockopt(socket->native_handle(), level, name, &value, sizeof value);
  };
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, kKeepAliveIdleSeconds);
  set(IPPROTO_TCP, TCP_KEEPINTVL, kKeepAliveProbeSeconds);
  set(IPPROTO_TCP, TCP_KEEPCNT, kKeepAliveProbes);
}

std::string PeerText(const StreamSocket& socket) {
  boost::system::error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  if (error) {
    return {};
  }
  sockaddr_storage address{};
  std::memcpy(&address, endpoint.data(), endpoint.size());
  return FormatAddress(address);
}

}  // namespace fluxgate
