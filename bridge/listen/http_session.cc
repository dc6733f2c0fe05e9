#include "bridge/listen/http_session.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace fluxgate {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr asio::use_awaitable_t<IoExecutor> kAwait;

// Larger than a head may be, so that a head that is too large is seen as such.
constexpr size_t kBufferSizeMax = kHeadSizeMax + 4096;
// Output is collected up to this size; a larger chunk of a scrape is sent from where it lies.
constexpr size_t kSendSize = size_t{32} << 10;
constexpr size_t kFormPieceSize = 4096;
// Memory that a connection keeps for output when it has none, and when it idles.
constexpr size_t kKeptSizeMax = size_t{128} << 10;
constexpr size_t kIdleKeptSizeMax = 4096;

// What is left of two pieces of output when their first `sent` bytes are gone.
std::array<asio::const_buffer, 2> Rest(std::string_view first, std::string_view second,
                                       size_t sent) {
  const std::string_view rest = first.substr(std::min(sent, first.size()));
  const std::string_view behind = second.substr(sent - (first.size() - rest.size()));
  return {asio::const_buffer(rest.data(), rest.size()),
          asio::const_buffer(behind.data(), behind.size())};
}

}  // namespace

HttpSession::HttpSession(StreamSocket socket, const SessionSurroundings& surroundings)
    : socket_(std::move(socket)),
      surroundings_(surroundings),
      peer_(PeerText(socket_)),
      parser_(kHeadSizeMax),
      received_(kBufferSizeMax) {
  error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  surroundings_.list->Add(this);
}

HttpSession::~HttpSession() {
  if (surroundings_.list != nullptr) {
    surroundings_.list->Remove(this);
  }
}

IoTask<bool> HttpSession::Serve() {
  // A session that has moved to where scrapes are sent has its request already.
  while (open_ || exchange_.scrape) {
    if (!exchange_.scrape) {
      if (surroundings_.sends_scrapes) {
        co_return false;
      }
      const bool received = co_await ReceiveHead();
      if (!received) {
        break;
      }
      co_await ReceiveRequest();
    }
    if (exchange_.scrape && !surroundings_.sends_scrapes) {
      co_return false;
    }
    co_await SendReply();
    if (received_.bytes().empty()) {
      turn_.End();
    } else if (turn_.IsOver(exchange_.began.wall_ns, surroundings_.service->ReadClock().wall_ns)) {
      const bool open = co_await Yield();
      open_ = open_ && open;
    }
  }
  co_await Flush();
  if (linger_) {
    co_await Linger();
  }
  co_return true;
}

void HttpSession::Leave(asio::io_context* context) {
  std::exchange(surroundings_.list, nullptr)->Remove(this);
  StreamSocket moved(context->get_executor());
  error_code error;
  const auto address = socket_.local_endpoint(error);
  const int released = socket_.release(error);
  if (!error) {
    moved.assign(address.protocol(), released, error);
    if (error) {
      ::close(released);
    }
  }
  // After an error this is closed: the connection ends when its next read or write fails.
  socket_ = std::move(moved);
}

void HttpSession::Join(const SessionSurroundings& surroundings) {
  surroundings_ = surroundings;
  surroundings_.list->Add(this);
  error_code ignored;
  socket_.non_blocking(true, ignored);
}

IoTask<void> HttpSession::Refuse() {
  surroundings_.service->Refuse(parser_.head(), 503, "too many connections", &exchange_);
  exchange_.reply.headers.emplace_back("Retry-After", "1");
  open_ = false;
  AppendReply();
  co_await Flush();
  co_await Linger();
}

void HttpSession::Close() {
  error_code ignored;
  socket_.close(ignored);
}

bool HttpSession::is_idle() const {
  error_code ignored;
  return idle_ && socket_.available(ignored) == 0;
}

// False when there is no further request to serve.
IoTask<bool> HttpSession::ReceiveHead() {
  parser_.Begin();
  uint32_t begun = now_seconds();
  for (;;) {
    RequestParser::Progress progress;
    const RequestParser::Result result = parser_.ParseHead(received_.bytes(), &progress);
    received_.Consume(progress.consumed);
    idle_ = result == RequestParser::Result::kNeedInput && received_.bytes().empty() &&
            !parser_.has_begun();
    if (result == RequestParser::Result::kDone) {
      co_return true;
    }
    if (result != RequestParser::Result::kNeedInput) {
      RefuseHead(result);
      co_return false;
    }
    const bool sent = co_await Flush();
    if (!sent) {
      co_return false;
    }
    SetDeadline(begun, idle_ ? kIdleSecondsMax : kHeadSecondsMax);
    const bool filled = co_await FillBuffer();
    if (!filled) {
      co_return false;
    }
    if (idle_) {
      begun = now_seconds();
    }
  }
}

IoTask<void> HttpSession::ReceiveRequest() {
  BeginRequest();
  if (exchange_.write) {
    co_await ReceiveInto(&*exchange_.write);
  } else if (exchange_.upload) {
    co_await ReceiveInto(&*exchange_.upload);
  } else if (exchange_.takes_form) {
    co_await ReceiveForm();
  }
  if (body_ == BodyState::kLength || body_ == BodyState::kChunked) {
    co_await SkipBody();
  }
  if (body_ != BodyState::kNone) {
    RefuseBody();
  }
  // What was received before a drain began is still served.
  const bool more_wanted = !surroundings_.list->is_draining() || !received_.bytes().empty();
  open_ = open_ && parser_.head().keep_alive && more_wanted;
}

IoTask<void> HttpSession::SendReply() {
  if (exchange_.scrape) {
    co_await SendScrape();
  } else {
    AppendReply();
  }
  // A connection that idles keeps nothing of the request.
  exchange_.Clear();
  if (out_.size() >= kSendSize) {
    co_await Flush();
  }
}

void HttpSession::BeginRequest() {
  SetDeadline(now_seconds(), kReplySecondsMax);
  pace_.Begin(now_seconds());
  const RequestHead& head = parser_.head();
  awaits_continue_ = head.expects_continue && !head.http_1_0;
  body_left_ = head.content_length.value_or(0);
  body_ = head.chunked     ? BodyState::kChunked
          : body_left_ > 0 ? BodyState::kLength
                           : BodyState::kNone;
  if (head.unknown_transfer_coding) {
    // The end of such a body cannot be found.
    surroundings_.service->Refuse(head, 501, "unsupported transfer coding", &exchange_);
    body_ = BodyState::kNone;
    open_ = false;
    linger_ = true;
  } else if (head.unknown_expectation) {
    surroundings_.service->Refuse(head, 417, "unsupported expectation", &exchange_);
  } else {
    surroundings_.service->Begin(head, peer_, &exchange_);
  }
}

void HttpSession::RefuseHead(RequestParser::Result result) {
  int status = 400;
  std::string reason = "malformed request: " + std::string(parser_.reason());
  if (result == RequestParser::Result::kTooLarge) {
    status = 431;
    reason = "request header is too large";
  } else if (result == RequestParser::Result::kBadVersion) {
    status = 505;
  }
  surroundings_.service->Refuse(parser_.head(), status, reason, &exchange_);
  open_ = false;
  linger_ = true;
  AppendReply();
}

void HttpSession::RefuseBody() {
  exchange_.Abandon();
  const bool truncated = body_ == BodyState::kTruncated;
  surroundings_.service->Refuse(parser_.head(), 400,
                                truncated ? "unexpected end of the body" : "malformed chunked body",
                                &exchange_);
  open_ = false;
  linger_ = !truncated;
}

// Streams the body into a write or an upload.
template <typename Request>
IoTask<void> HttpSession::ReceiveInto(Request* request) {
  const std::optional<uint64_t> length = parser_.head().content_length;
  std::optional<Reply> reply = length ? request->Announce(*length) : std::nullopt;
  while (!reply && (body_ == BodyState::kLength || body_ == BodyState::kChunked)) {
    const std::span<char> room = request->Prepare();
    const size_t size = co_await ReceiveBody(room);
    if (size > 0) {
      request->SetNow(surroundings_.service->ReadClock());
      reply = request->Commit(size);
      co_await ContinueRequest(request, &reply);
    }
  }
  if (!reply && body_ == BodyState::kNone) {
    reply = request->End();
    co_await ContinueRequest(request, &reply);
  }
  if (!reply && body_ == BodyState::kNone) {
    reply = request->Finish();
  }
  if (reply) {
    exchange_.reply = *std::move(reply);
  }
}

// A small piece of a body may become large: other connections have their turn.
template <typename Request>
IoTask<void> HttpSession::ContinueRequest(Request* request, std::optional<Reply>* reply) {
  while (!*reply && request->has_more()) {
    const bool open = co_await Yield();
    if (!open) {
      body_ = BodyState::kTruncated;
      co_return;
    }
    *reply = request->Continue();
  }
}

IoTask<void> HttpSession::ReceiveForm() {
  std::string form;
  while (body_ == BodyState::kLength || body_ == BodyState::kChunked) {
    const size_t size = form.size();
    form.resize(size + kFormPieceSize);
    const std::span<char> room(form.data() + size, kFormPieceSize);
    const size_t received = co_await ReceiveBody(room);
    form.resize(size + received);
    if (form.size() + body_left_ > kFormSizeMax) {
      surroundings_.service->Refuse(parser_.head(), 413, "Request Entity Too Large", &exchange_);
      co_return;
    }
  }
  if (body_ == BodyState::kNone) {
    surroundings_.service->TakeForm(parser_.head(), form, &exchange_);
  }
}

void HttpSession::AppendReply() {
  const Reply& reply = HttpService::Complete(parser_.head(), &exchange_);
  surroundings_.renderer->AppendReply(parser_.head(), reply, !open_, exchange_.began.wall_ns,
                                      &out_);
  surroundings_.service->Finish(exchange_, exchange_.reply.status);
}

IoTask<void> HttpSession::SendScrape() {
  const RequestHead& head = parser_.head();
  Scrape& scrape = *exchange_.scrape;
  const bool chunked = !head.http_1_0;
  open_ = open_ && chunked;
  surroundings_.renderer->AppendScrapeHead(head, scrape.content_type(), scrape.is_gzip(), !open_,
                                           exchange_.began.wall_ns, &out_);
  std::string chunk;
  while (head.method != HttpMethod::kHead && scrape.Next(&chunk)) {
    const bool framed = chunked && !chunk.empty();  // an empty chunk would end the body
    if (framed) {
      AppendChunkSize(chunk.size(), &out_);
    }
    const bool sent = co_await SendChunk(chunk);
    if (!sent) {
      break;
    }
    out_.append(framed ? kChunkEnd : std::string_view());
  }
  if (chunked && head.method != HttpMethod::kHead) {
    out_.append(kLastChunk);
  }
  surroundings_.service->Finish(exchange_, 200);
}

// Sends a chunk of a scrape, or keeps it until there is more, and lets other connections have their
// turn.
IoTask<bool> HttpSession::SendChunk(std::string_view chunk) {
  if (out_.size() + chunk.size() < kSendSize) {
    out_.append(chunk);
  } else {
    const bool sent = co_await Send(chunk);
    if (!sent) {
      co_return false;
    }
  }
  const bool open = co_await Yield();
  co_return open;
}

// Lets other connections have their turn. False when this one was closed meanwhile.
IoTask<bool> HttpSession::Yield() {
  SetDeadline(now_seconds(), kReplySecondsMax);
  co_await asio::post(socket_.get_executor(), kAwait);
  co_return socket_.is_open();
}

// Lets a client that is still sending come to the end and read the reply: closing at once would
// make its kernel throw the reply away.
IoTask<void> HttpSession::Linger() {
  error_code error;
  socket_.shutdown(StreamSocket::shutdown_send, error);
  SetDeadline(now_seconds(), kLingerSecondsMax);
  received_.Consume(received_.bytes().size());
  uint64_t skipped = 0;
  while (!error && skipped < kLingerSizeMax) {
    const std::span<char> room = received_.Room();
    const size_t size = co_await socket_.async_read_some(asio::buffer(room.data(), room.size()),
                                                         asio::redirect_error(kAwait, error));
    skipped += size;
  }
}

IoTask<bool> HttpSession::FillBuffer() {
  if (body_ == BodyState::kChunked) {
    received_.Grow(kBufferSizeMax);
  } else if (idle_) {
    received_.Shrink();
    ShrinkOutput(kIdleKeptSizeMax);
  }
  const std::span<char> room = received_.Room();
  error_code error;
  const size_t size = co_await socket_.async_read_some(asio::buffer(room.data(), room.size()),
                                                       asio::redirect_error(kAwait, error));
  received_.Commit(size);
  co_return !error && size > 0;
}

// Sends what is rendered, then `behind`. False when the connection has ended.
IoTask<bool> HttpSession::Send(std::string_view behind) {
  const size_t size = out_.size() + behind.size();
  size_t sent = 0;
  error_code error;
  while (sent < size && !error) {
    SetDeadline(now_seconds(), kReplySecondsMax);
    // A direct try first: nearly always the kernel has room, and a wait costs a round through the
    // reactor.
    sent += socket_.write_some(Rest(out_, behind, sent), error);
    if (error == asio::error::would_block) {
      co_await socket_.async_wait(StreamSocket::wait_write, asio::redirect_error(kAwait, error));
    }
  }
  out_.clear();
  ShrinkOutput(kKeptSizeMax);
  open_ = open_ && !error;
  linger_ = linger_ && !error;
  co_return !error;
}

// Of the memory of `out_`, which is empty, no more than `size` bytes are kept.
void HttpSession::ShrinkOutput(size_t size) {
  if (out_.capacity() > size) {
    out_.shrink_to_fit();
  }
}

}  // namespace fluxgate
