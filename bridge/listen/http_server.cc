#include "bridge/listen/http_server.h"

#include "bridge/base/log.h"
#include "bridge/listen/http_session.h"
#include "bridge/listen/line_session.h"
#include "bridge/listen/listen_socket.h"
#include "bridge/listen/router.h"
#include "bridge/listen/unix_socket.h"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <chrono>
#include <deque>
#include <exception>
#include <optional>
#include <random>
#include <utility>

namespace fluxgate {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Acceptor = asio::basic_socket_acceptor<asio::generic::stream_protocol, IoExecutor>;
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

// Counts a line stream while it lives.
class CountedLine {
 public:
  explicit CountedLine(std::atomic<size_t>* count) : count_(count) {
    count_->fetch_add(1, std::memory_order_relaxed);
  }
  ~CountedLine() { count_->fetch_sub(1, std::memory_order_relaxed); }
  CountedLine(const CountedLine&) = delete;
  CountedLine& operator=(const CountedLine&) = delete;

 private:
  std::atomic<size_t>* const count_;
};

// Where connections come in, and of which kind they are.
struct Gate {
  Gate(asio::io_context* context, const LineListenOptions* line_options)
      : acceptor(context->get_executor()), lines(line_options) {}

  Acceptor acceptor;
  const LineListenOptions* const lines;  // null: HTTP
  std::optional<UnixSocketFile> file;
};

IoTask<void> RefuseConnection(std::unique_ptr<Connection> connection,
                              std::unique_ptr<HttpSession> session) {
  co_await session->Refuse();
  session.reset();
  connection.reset();
}

IoTask<void> ServeLines(std::unique_ptr<Connection> connection,
                        std::unique_ptr<LineSession> session,
                        std::unique_ptr<CountedLine> counted) {
  co_await session->Serve();
  session.reset();
  counted.reset();
  connection.reset();
}

}  // namespace

class HttpServer::Impl {
 public:
  Impl(HttpService* service, Ingest* ingest, std::span<asio::io_context* const> contexts,
       asio::io_context* scrape_context, TaskGroup* group)
      : service_(service), ingest_(ingest), group_(group) {
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
  std::vector<std::string> line_addresses() const { return line_addresses_; }
  size_t connection_count() const { return connections_.load(std::memory_order_relaxed); }
  size_t line_connection_count() const { return lines_.load(std::memory_order_relaxed); }
  uint64_t refused_line_connection_count() const {
    return refused_lines_.load(std::memory_order_relaxed);
  }

 private:
  absl::Status Open(const ListenAddress& address, const LineListenOptions* lines,
                    std::vector<std::string>* names);
  void BeginAccept(Gate* gate);
  IoTask<void> Accept(Gate* gate, TaskGroup::Task task);
  void AcceptWaiting(Gate* gate);
  void Begin(StreamSocket socket, Lane* lane, const Gate& gate);
  void BeginLines(StreamSocket socket, Lane* lane, const LineListenOptions& options);
  void BeginOn(StreamSocket socket, Lane* lane, std::atomic<size_t>* count);
  void Spawn(Lane* lane, IoTask<void> coroutine);
  IoTask<void> Serve(std::unique_ptr<Connection> connection, std::unique_ptr<HttpSession> session,
                     Lane* home, Lane* lane);
  void Move(std::unique_ptr<Connection> connection, std::unique_ptr<HttpSession> session,
            Lane* home, Lane* to);
  SessionSurroundings SurroundingsOf(Lane* lane) {
    return {service_, &lane->renderer, &lane->list, lane == scrape_lane_};
  }
  Lane* NextLane();
  void ReportFailure(const std::exception_ptr& failure);
  void ReportAcceptError(const error_code& error);

  HttpService* const service_;
  Ingest* const ingest_;
  TaskGroup* const group_;
  std::deque<Lane> lanes_;
  Lane* scrape_lane_;  // the last; so that writers and scrapes do not wait for each other's turns
  std::deque<Gate> gates_;
  std::vector<std::string> addresses_;
  std::vector<std::string> line_addresses_;
  std::atomic<size_t> connections_{0};
  std::atomic<size_t> refusals_{0};  // connections that are one too many, and still open
  std::atomic<size_t> lines_{0};     // of connections_, the line streams
  std::atomic<uint64_t> refused_lines_{0};
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
  for (const ListenAddress& address : options.addresses) {
    if (absl::Status status = Open(address, nullptr, &addresses_); !status.ok()) {
      return status;
    }
  }
  for (const LineListenOptions& lines : options.line_streams) {
    if (absl::Status status = Open(lines.address, &lines, &line_addresses_); !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

absl::Status HttpServer::Impl::Open(const ListenAddress& address, const LineListenOptions* lines,
                                    std::vector<std::string>* names) {
  absl::StatusOr<ListenSocket> socket = OpenStreamListener(address);
  if (!socket.ok()) {
    return socket.status();
  }
  names->push_back(address.is_unix() ? FormatAddress(address) : socket->Address());
  Gate& gate = gates_.emplace_back(lanes_.front().context, lines);
  if (address.is_unix()) {
    gate.file.emplace(address.path);
  }
  error_code error;
  gate.acceptor.assign(asio::generic::stream_protocol(socket->family(), 0), socket->fd(), error);
  if (error) {
    return absl::UnavailableError(error.message());
  }
  socket->Release();
  gate.acceptor.non_blocking(true, error);
  return absl::OkStatus();
}

void HttpServer::Impl::Start() {
  for (Lane& lane : lanes_) {
    asio::post(*lane.context, [&lane] { lane.list.Start(); });
  }
  for (Gate& gate : gates_) {
    BeginAccept(&gate);
  }
}

// An acceptor that failed, for want of memory say, goes on.
void HttpServer::Impl::BeginAccept(Gate* gate) {
  auto ended = [this, gate](const std::exception_ptr& failure) {
    if (failure && !draining_) {
      Log(LogLevel::kError, "accepting connections failed, it goes on");
      BeginAccept(gate);
    }
  };
  asio::co_spawn(gate->acceptor.get_executor(), Accept(gate, TaskGroup::Task(group_)), ended);
}

IoTask<void> HttpServer::Impl::Accept(Gate* gate, [[maybe_unused]] TaskGroup::Task task) {
  Timer pause(gate->acceptor.get_executor());
  while (!draining_) {
    Lane* const lane = NextLane();
    StreamSocket socket(lane->context->get_executor());
    error_code error;
    co_await gate->acceptor.async_accept(socket, asio::redirect_error(kAwait, error));
    if (!error) {
      Begin(std::move(socket), lane, *gate);
    } else if (error != asio::error::operation_aborted &&
               error != asio::error::connection_aborted) {
      ReportAcceptError(error);
      pause.expires_after(kAcceptPause);
      co_await pause.async_wait(asio::redirect_error(kAwait, error));
    }
  }
  AcceptWaiting(gate);
  error_code ignored;
  gate->acceptor.close(ignored);
  gate->file.reset();
}

// Takes in the connections that the kernel has already established: closing the acceptor would
// reset them.
void HttpServer::Impl::AcceptWaiting(Gate* gate) {
  error_code error;
  while (!error) {
    Lane* const lane = NextLane();
    StreamSocket socket(lane->context->get_executor());
    gate->acceptor.accept(socket, error);
    if (!error) {
      Begin(std::move(socket), lane, *gate);
    }
  }
}

Lane* HttpServer::Impl::NextLane() {
  next_lane_ = (next_lane_ + 1) % (lanes_.size() - 1);
  return &lanes_[next_lane_];
}

void HttpServer::Impl::Begin(StreamSocket socket, Lane* lane, const Gate& gate) {
  const bool has_room = connection_count() < service_->options().connections_max;
  if (gate.lines != nullptr && has_room) {
    BeginLines(std::move(socket), lane, *gate.lines);
  } else if (gate.lines != nullptr) {
    refused_lines_.fetch_add(1, std::memory_order_relaxed);
  } else if (has_room) {
    BeginOn(std::move(socket), lane, &connections_);
  } else if (refusals_.load(std::memory_order_relaxed) < kRefusalsMax) {
    BeginOn(std::move(socket), lane, &refusals_);
  }
  // Else the socket just closes.
}

void HttpServer::Impl::BeginOn(StreamSocket socket, Lane* lane, std::atomic<size_t>* count) {
  const bool refused = count == &refusals_;
  auto connection = std::make_unique<Connection>(count, group_);
  asio::post(*lane->context, [this, lane, refused, socket = std::move(socket),
                              connection = std::move(connection)]() mutable {
    if (lane->list.is_closed()) {
      return;
    }
    auto session = std::make_unique<HttpSession>(std::move(socket), SurroundingsOf(lane));
    Spawn(lane, refused ? RefuseConnection(std::move(connection), std::move(session))
                        : Serve(std::move(connection), std::move(session), lane, lane));
  });
}

void HttpServer::Impl::Spawn(Lane* lane, IoTask<void> coroutine) {
  asio::co_spawn(*lane->context, std::move(coroutine),
                 [this](const std::exception_ptr& failure) { ReportFailure(failure); });
}

// `home` is where all but the connection's scrapes are served, `lane` where it is now.
IoTask<void> HttpServer::Impl::Serve(std::unique_ptr<Connection> connection,
                                     std::unique_ptr<HttpSession> session, Lane* home, Lane* lane) {
  const bool ended = co_await session->Serve();
  if (!ended) {
    Move(std::move(connection), std::move(session), home,
         lane == scrape_lane_ ? home : scrape_lane_);
  }
  session.reset();
  connection.reset();
}

void HttpServer::Impl::Move(std::unique_ptr<Connection> connection,
                            std::unique_ptr<HttpSession> session, Lane* home, Lane* to) {
  session->Leave(to->context);
  asio::post(*to->context, [this, home, to, session = std::move(session),
                            connection = std::move(connection)]() mutable {
    session->Join(SurroundingsOf(to));
    if (!to->list.is_closed()) {
      Spawn(to, Serve(std::move(connection), std::move(session), home, to));
    }
  });
}

void HttpServer::Impl::BeginLines(StreamSocket socket, Lane* lane,
                                  const LineListenOptions& options) {
  auto connection = std::make_unique<Connection>(&connections_, group_);
  auto counted = std::make_unique<CountedLine>(&lines_);
  asio::post(*lane->context, [this, lane, &options, socket = std::move(socket),
                              connection = std::move(connection),
                              counted = std::move(counted)]() mutable {
    if (lane->list.is_closed()) {
      return;
    }
    const LineSurroundings surroundings{ingest_, &service_->clock(), &lane->list};
    auto session = std::make_unique<LineSession>(std::move(socket), options.params, surroundings);
    Spawn(lane, ServeLines(std::move(connection), std::move(session), std::move(counted)));
  });
}

void HttpServer::Impl::ReportFailure(const std::exception_ptr& failure) {
  uint64_t suppressed = 0;
  if (failure && session_errors_.Allow(service_->ReadClock(), &suppressed)) {
    Log(LogLevel::kError, "a connection failed", {{"suppressed", std::to_string(suppressed)}});
  }
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
    for (Gate& gate : gates_) {
      error_code ignored;
      gate.acceptor.cancel(ignored);
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

HttpServer::HttpServer(HttpService* service, Ingest* ingest,
                       std::span<asio::io_context* const> contexts,
                       asio::io_context* scrape_context, TaskGroup* group)
    : impl_(std::make_unique<Impl>(service, ingest, contexts, scrape_context, group)) {}
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
std::vector<std::string> HttpServer::line_addresses() const {
  return impl_->line_addresses();
}
size_t HttpServer::line_connection_count() const {
  return impl_->line_connection_count();
}
uint64_t HttpServer::refused_line_connection_count() const {
  return impl_->refused_line_connection_count();
}
size_t HttpServer::connection_count() const {
  return impl_->connection_count();
}

}  // namespace fluxgate
