#include "bridge/listen/http_server.h"

#include "bridge/base/log.h"
#include "bridge/listen/http_session.h"
#include "bridge/listen/listen_socket.h"
#include "bridge/listen/router.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <chrono>
#include <deque>
#include <exception>
#include <random>
#include <utility>

namespace fluxgate {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, IoExecutor>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, IoExecutor>;

constexpr asio::use_awaitable_t<IoExecutor> kAwait;
constexpr std::chrono::milliseconds kAcceptPause{100};

uint64_t RandomSeed() {
  std::random_device device;
  return (uint64_t{device()} << 32) | device();
}

// One io thread, as the server sees it.
struct Lane {
  Lane(asio::io_context* io_context, std::string_view reported_version)
      : context(io_context), list(io_context), renderer(reported_version, RandomSeed()) {}

  asio::io_context* const context;
  SessionList list;
  ReplyRenderer renderer;
};

// Counts a connection while it lives.
class Connection {
 public:
  Connection(std::atomic<size_t>* count, TaskGroup* group) : count_(count), task_(group) {
    count_->fetch_add(1, std::memory_order_relaxed);
  }
  ~Connection() { count_->fetch_sub(1, std::memory_order_relaxed); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

 private:
  std::atomic<size_t>* const count_;
  const TaskGroup::Task task_;
};

IoTask<void> RefuseConnection(std::unique_ptr<Connection> connection,
                              std::unique_ptr<HttpSession> session) {
  co_await session->Refuse();
  session.reset();
  connection.reset();
}

}  // namespace

class HttpServer::Impl {
 public:
  Impl(HttpService* service, std::span<asio::io_context* const> contexts,
       asio::io_context* scrape_context, TaskGroup* group)
      : service_(service), group_(group) {
    for (asio::io_context* context : contexts) {
      lanes_.emplace_back(context, service->options().reported_version);
    }
    scrape_lane_ = &lanes_.emplace_back(scrape_context, service->options().reported_version);
  }

  absl::Status Listen();
  void Start();
  void Drain();
  void CloseAll();
  std::vector<std::string> addresses() const { return addresses_; }
  size_t connection_count() const { return connections_.load(std::memory_order_relaxed); }

 private:
  void BeginAccept(Acceptor* acceptor);
  IoTask<void> Accept(Acceptor* acceptor, TaskGroup::Task task);
  void AcceptWaiting(Acceptor* acceptor);
  void Begin(TcpSocket socket, Lane* lane);
  void BeginOn(TcpSocket socket, Lane* lane, std::atomic<size_t>* count);
  template <typename Coroutine>
  void Spawn(Lane* lane, Coroutine coroutine);
  IoTask<void> Serve(std::unique_ptr<Connection> connection, std::unique_ptr<HttpSession> session);
  void MoveToScrapes(std::unique_ptr<Connection> connection, std::unique_ptr<HttpSession> session);
  SessionSurroundings SurroundingsOf(Lane* lane) {
    return {service_, &lane->renderer, &lane->list, lane == scrape_lane_};
  }
  Lane* NextLane();
  void ReportAcceptError(const error_code& error);

  HttpService* const service_;
  TaskGroup* const group_;
  std::deque<Lane> lanes_;
  Lane* scrape_lane_;  // the last; so that writers and scrapes do not wait for each other's turns
  std::deque<Acceptor> acceptors_;
  std::vector<std::string> addresses_;
  std::atomic<size_t> connections_{0};
  std::atomic<size_t> refusals_{0};  // connections that are one too many, and still open
  size_t next_lane_ = 0;
  bool draining_ = false;
  LogLimiter accept_errors_;
  LogLimiter session_errors_;
};

absl::Status HttpServer::Impl::Listen() {
  const HttpOptions& options = service_->options();
  if (const auto clash = FindPathClash(options.telemetry_path, options.exporter_telemetry_path,
                                       options.upload_paths)) {
    return absl::InvalidArgumentError(*clash);
  }
  std::vector<ListenSocket> sockets;
  for (const ListenAddress& address : options.addresses) {
    absl::StatusOr<ListenSocket> socket = OpenTcpListener(address);
    if (!socket.ok()) {
      return socket.status();
    }
    sockets.push_back(*std::move(socket));
  }
  for (ListenSocket& socket : sockets) {
    addresses_.push_back(socket.Address());
    const asio::ip::tcp protocol =
        socket.family() == AF_INET6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4();
    Acceptor& acceptor = acceptors_.emplace_back(lanes_.front().context->get_executor());
    error_code error;
    acceptor.assign(protocol, socket.fd(), error);
    if (error) {
      return absl::UnavailableError(error.message());
    }
    socket.Release();
    acceptor.non_blocking(true, error);
  }
  return absl::OkStatus();
}

void HttpServer::Impl::Start() {
  for (Lane& lane : lanes_) {
    asio::post(*lane.context, [&lane] { lane.list.Start(); });
  }
  for (Acceptor& acceptor : acceptors_) {
    BeginAccept(&acceptor);
  }
}

// An acceptor that failed, for want of memory say, goes on.
void HttpServer::Impl::BeginAccept(Acceptor* acceptor) {
  auto ended = [this, acceptor](const std::exception_ptr& failure) {
    if (failure && !draining_) {
      Log(LogLevel::kError, "accepting connections failed, it goes on");
      BeginAccept(acceptor);
    }
  };
  asio::co_spawn(acceptor->get_executor(), Accept(acceptor, TaskGroup::Task(group_)), ended);
}

IoTask<void> HttpServer::Impl::Accept(Acceptor* acceptor, [[maybe_unused]] TaskGroup::Task task) {
  Timer pause(acceptor->get_executor());
  while (!draining_) {
    Lane* const lane = NextLane();
    TcpSocket socket(lane->context->get_executor());
    error_code error;
    co_await acceptor->async_accept(socket, asio::redirect_error(kAwait, error));
    if (!error) {
      Begin(std::move(socket), lane);
    } else if (error != asio::error::operation_aborted &&
               error != asio::error::connection_aborted) {
      ReportAcceptError(error);
      pause.expires_after(kAcceptPause);
      co_await pause.async_wait(asio::redirect_error(kAwait, error));
    }
  }
  AcceptWaiting(acceptor);
  error_code ignored;
  acceptor->close(ignored);
}

// Takes in the connections that the kernel has already established: closing the acceptor would
// reset them.
void HttpServer::Impl::AcceptWaiting(Acceptor* acceptor) {
  error_code error;
  while (!error) {
    Lane* const lane = NextLane();
    TcpSocket socket(lane->context->get_executor());
    acceptor->accept(socket, error);
    if (!error) {
      Begin(std::move(socket), lane);
    }
  }
}

Lane* HttpServer::Impl::NextLane() {
  next_lane_ = (next_lane_ + 1) % (lanes_.size() - 1);
  return &lanes_[next_lane_];
}

void HttpServer::Impl::Begin(TcpSocket socket, Lane* lane) {
  if (connection_count() < service_->options().connections_max) {
    BeginOn(std::move(socket), lane, &connections_);
  } else if (refusals_.load(std::memory_order_relaxed) < kRefusalsMax) {
    BeginOn(std::move(socket), lane, &refusals_);
  }
  // Else the socket just closes.
}

void HttpServer::Impl::BeginOn(TcpSocket socket, Lane* lane, std::atomic<size_t>* count) {
  const bool refused = count == &refusals_;
  auto connection = std::make_unique<Connection>(count, group_);
  asio::post(*lane->context, [this, lane, refused, socket = std::move(socket),
                              connection = std::move(connection)]() mutable {
    if (lane->list.is_closed()) {
      return;
    }
    auto session = std::make_unique<HttpSession>(std::move(socket), SurroundingsOf(lane));
    Spawn(lane, refused ? RefuseConnection(std::move(connection), std::move(session))
                        : Serve(std::move(connection), std::move(session)));
  });
}

template <typename Coroutine>
void HttpServer::Impl::Spawn(Lane* lane, Coroutine coroutine) {
  asio::co_spawn(*lane->context, std::move(coroutine), [this](const std::exception_ptr& failure) {
    uint64_t suppressed = 0;
    if (failure && session_errors_.Allow(service_->ReadClock(), &suppressed)) {
      Log(LogLevel::kError, "a connection failed", {{"suppressed", std::to_string(suppressed)}});
    }
  });
}

IoTask<void> HttpServer::Impl::Serve(std::unique_ptr<Connection> connection,
                                     std::unique_ptr<HttpSession> session) {
  const bool ended = co_await session->Serve();
  if (!ended) {
    MoveToScrapes(std::move(connection), std::move(session));
  }
  session.reset();
  connection.reset();
}

// A connection that scrapes once will scrape again: it stays there.
void HttpServer::Impl::MoveToScrapes(std::unique_ptr<Connection> connection,
                                     std::unique_ptr<HttpSession> session) {
  session->Leave(scrape_lane_->context);
  asio::post(*scrape_lane_->context,
             [this, session = std::move(session), connection = std::move(connection)]() mutable {
               session->Join(SurroundingsOf(scrape_lane_));
               if (!scrape_lane_->list.is_closed()) {
                 Spawn(scrape_lane_, Serve(std::move(connection), std::move(session)));
               }
             });
}

void HttpServer::Impl::ReportAcceptError(const error_code& error) {
  uint64_t suppressed = 0;
  if (accept_errors_.Allow(service_->ReadClock(), &suppressed)) {
    Log(LogLevel::kWarn, "cannot accept connections",
        {{"err", error.message()}, {"suppressed", std::to_string(suppressed)}});
  }
}

void HttpServer::Impl::Drain() {
  // The acceptors' thread first: connections that it hands on find their lists draining, or drained
  // soon.
  asio::post(*lanes_.front().context, [this] {
    draining_ = true;
    for (Acceptor& acceptor : acceptors_) {
      error_code ignored;
      acceptor.cancel(ignored);
    }
    for (Lane& lane : lanes_) {
      asio::post(*lane.context, [&lane] { lane.list.BeginDrain(); });
    }
  });
}

void HttpServer::Impl::CloseAll() {
  for (Lane& lane : lanes_) {
    asio::post(*lane.context, [&lane] { lane.list.CloseAll(); });
  }
}

HttpServer::HttpServer(HttpService* service, std::span<asio::io_context* const> contexts,
                       asio::io_context* scrape_context, TaskGroup* group)
    : impl_(std::make_unique<Impl>(service, contexts, scrape_context, group)) {}
HttpServer::~HttpServer() = default;

absl::Status HttpServer::Listen() {
  return impl_->Listen();
}
std::vector<std::string> HttpServer::addresses() const {
  return impl_->addresses();
}
void HttpServer::Start() {
  impl_->Start();
}
void HttpServer::Drain() {
  impl_->Drain();
}
void HttpServer::CloseAll() {
  impl_->CloseAll();
}
size_t HttpServer::connection_count() const {
  return impl_->connection_count();
}

}  // namespace fluxgate
