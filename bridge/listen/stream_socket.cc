#include "bridge/listen/stream_socket.h"

#include "bridge/listen/listen_socket.h"

#include <cstring>

namespace fluxgate {

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
