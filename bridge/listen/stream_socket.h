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

// The other end: address and port, or `unix`; empty when it has gone.
std::string PeerText(const StreamSocket& socket);

}  // namespace fluxgate
