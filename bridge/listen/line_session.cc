#include "bridge/listen/line_session.h"

#include "bridge/listen/listen_options.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <utility>

namespace fluxgate {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr asio::use_awaitable_t<IoExecutor> kAwait;

// Turns at a stop: enough for what the kernel holds, not for a sender that never stops.
constexpr int kLastTurns = 16;

// Looked through for the first line of an HTTP request.
constexpr size_t kRequestLineSizeMax = size_t{64} << 10;

constexpr std::string_view kTruncatedReason = "truncated_line";
constexpr std::string_view kHttpReason = "http_request";

// Framed as a reply, so that HTTP clients show it.
constexpr std::string_view kHttpAnswer =
    "HTTP/1.1 400 Bad Request\r\n"
    "Content-Type: text/plain\r\n"
    "Content-Length: 64\r\n"
    "Connection: close\r\n"
    "\r\n"
    "this port takes plain line protocol; HTTP has a port of its own\n";

}  // namespace

LineSession::LineSession(StreamSocket socket, const WriteParams& params,
                         const LineSurroundings& surroundings)
    : socket_(std::move(socket)),
      params_(params),
      surroundings_(surroundings),
      peer_(PeerText(socket_)),
      writer_(surroundings.ingest, params_, peer_, surroundings.clock->Read()),
      lines_(&writer_, surroundings.ingest->options().line_size_max) {
  error_code ignored;
  socket_.non_blocking(true, ignored);
  // A sender may be silent for long; one that has gone must not keep its place.
  KeepAlive(&socket_);
  surroundings_.list->Add(this);
}

LineSession::~LineSession() {
  surroundings_.list->Remove(this);
}

IoTask<void> LineSession::Serve() {
  int last_turns = 0;
  while (state_ == State::kOpen && last_turns < kLastTurns) {
    error_code error;
    co_await socket_.async_wait(StreamSocket::wait_read, asio::redirect_error(kAwait, error));
    if (error) {
      state_ = State::kBroken;
    } else {
      TakeWaiting();
    }
    last_turns += surroundings_.list->is_draining() ? 1 : 0;
  }
  if (state_ == State::kHttp) {
    co_await AnswerHttp();
  } else if (lines_.held().empty()) {
    co_return;
  } else if (state_ == State::kEnded) {
    lines_.StoreAll();
    Account();
  } else {
    CountRejection(kTruncatedReason, "the connection broke in the line");
  }
}

void LineSession::Close() {
  error_code ignored;
  socket_.close(ignored);
}

bool LineSession::is_idle() const {
  error_code ignored;
  return socket_.available(ignored) == 0;
}

// Takes what has come in, up to a batch, and stores its complete lines.
void LineSession::TakeWaiting() {
  writer_.SetNow(surroundings_.clock->Read());
  const size_t held = lines_.held().size();
  size_t taken = 0;
  error_code error;
  for (size_t reads = 0; reads < kReadsMax && taken < kBatchSizeMax && !error; ++reads) {
    const std::span<char> room = lines_.Free();
    const size_t size = socket_.read_some(asio::buffer(room.data(), room.size()), error);
    lines_.Take(size);
    taken += size;
    if (!first_line_seen_ && HasHttp()) {
      state_ = State::kHttp;
      return;
    }
  }
  writer_.totals().bytes += taken;
  if (error == asio::error::eof) {
    state_ = State::kEnded;
  } else if (error && error != asio::error::would_block) {
    state_ = State::kBroken;
  }
  lines_.StoreLines();
  // A trickle is not a batch for each byte.
  if (lines_.held().size() < held + taken) {
    Account();
  }
}

// Whether the first line is that of an HTTP request; no line of line protocol ends like one.
bool LineSession::HasHttp() {
  constexpr std::string_view kVersion = " HTTP/1.1";
  std::string_view line = lines_.held().substr(0, kRequestLineSizeMax);
  const size_t end = line.find('\n');
  if (end == std::string_view::npos) {
    first_line_seen_ = line.size() == kRequestLineSizeMax;
    return false;
  }
  first_line_seen_ = true;
  line = line.substr(0, end);
  line.remove_suffix(line.ends_with('\r') ? 1 : 0);
  return line.size() > kVersion.size() &&
         line.substr(line.size() - kVersion.size()).starts_with(" HTTP/");
}

IoTask<void> LineSession::AnswerHttp() {
  CountRejection(kHttpReason, "this port takes plain line protocol");
  error_code error;
  socket_.write_some(asio::buffer(kHttpAnswer.data(), kHttpAnswer.size()), error);
  socket_.shutdown(StreamSocket::shutdown_send, error);
  // Closing before the client has sent all would take the answer back.
  SetDeadline(surroundings_.list->now_seconds(), kLingerSecondsMax);
  std::array<char, 4096> unwanted;
  size_t skipped = 0;
  while (!error && skipped < kLingerSizeMax) {
    const size_t size = co_await socket_.async_read_some(
        asio::buffer(unwanted.data(), unwanted.size()), asio::redirect_error(kAwait, error));
    skipped += size;
  }
}

void LineSession::CountRejection(std::string_view reason, std::string_view detail) {
  const Now now = surroundings_.clock->Read();
  Rejection rejection;
  rejection.time_ns = now.wall_ns;
  rejection.peer = peer_;
  rejection.database = params_.database;
  rejection.text = lines_.held().substr(0, RejectionLog::kTextSizeMax);
  rejection.detail = detail;
  surroundings_.ingest->rejections().Add(reason, std::move(rejection));
  lines_.Drop();
  BatchResult result = writer_.TakeResult();
  result.reasons.rejected_lines[reason] = 1;
  surroundings_.ingest->Account(params_, result, now);
}

void LineSession::Account() {
  BatchResult result = writer_.TakeResult();
  result.totals.requests = 1;
  surroundings_.ingest->Account(params_, result, surroundings_.clock->Read());
}

}  // namespace fluxgate
