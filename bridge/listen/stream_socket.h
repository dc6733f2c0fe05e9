// Connections over TCP and over unix sockets, as one type, and the coroutines that serve them.
//
// Thread: confined(io thread).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>

#include <string>

namespace fluxgate {

using IoExecutor = boost::asio::io_context::executor_type;
using StreamSocket =
    boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol, IoExecutor>;
template <typename Result>
using IoTask = boost::asio::awaitable<Result, IoExecutor>;

// Has TCP find out when the other end has gone without a word: asked after kKeepAliveIdleSeconds of
// silence, it must answer one of kKeepAliveProbes questions.
inline constexpr int kKeepAliveIdleSeconds = 60;
inline constexpr int kKeepAliveProbeSeconds = 20;  // between two of them
inline constexpr int kKeepAliveProbes = 3;
void KeepAlive(StreamSocket* socket);

// The other end: address and port, or `unix`; empty when it has gone.
std::string PeerText(const StreamSocket& socket);

}  // namespace fluxgate
