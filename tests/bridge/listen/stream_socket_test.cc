#include "bridge/listen/stream_socket.h"

#include <gtest/gtest.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace fluxgate {
namespace {

int Option(StreamSocket* socket, int level, int name) {
  int value = 0;
  socklen_t size = sizeof value;
  EXPECT_EQ(getsockopt(socket->native_handle(), level, name, &value, &size), 0);
  return value;
}

TEST(StreamSocket, AConnectionWhoseOtherEndHasGoneIsFoundOut) {
  boost::asio::io_context context;
  StreamSocket socket(context.get_executor());
  socket.assign(boost::asio::generic::stream_protocol(AF_INET, IPPROTO_TCP),
                ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  KeepAlive(&socket);
  EXPECT_EQ(Option(&socket, SOL_SOCKET, SO_KEEPALIVE), 1);
  EXPECT_EQ(Option(&socket, IPPROTO_TCP, TCP_KEEPIDLE), kKeepAliveIdleSeconds);
  EXPECT_EQ(Option(&socket, IPPROTO_TCP, TCP_KEEPINTVL), kKeepAliveProbeSeconds);
  EXPECT_EQ(Option(&socket, IPPROTO_TCP, TCP_KEEPCNT), kKeepAliveProbes);
}

TEST(StreamSocket, AUnixSocketNeedsNoQuestions) {
  boost::asio::io_context context;
  StreamSocket socket(context.get_executor());
  socket.assign(boost::asio::generic::stream_protocol(AF_UNIX, 0),
                ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  KeepAlive(&socket);
  EXPECT_TRUE(socket.is_open());
}

}  // namespace
}  // namespace fluxgate
