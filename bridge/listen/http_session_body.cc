// The part of a session that receives bodies.
#include "bridge/listen/http_session.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>

namespace fluxgate {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr asio::use_awaitable_t<IoExecutor> kAwait;

}  // namespace

// Passes over a body that nobody wants, or what is left of it. A large one, and one that the client
// may never send, cost the connection.
IoTask<void> HttpSession::SkipBody() {
  size_t skipped = 0;
  std::array<char, 4096> unwanted;
  while (body_ == BodyState::kLength || body_ == BodyState::kChunked) {
    if (awaits_continue_ || skipped + body_left_ > kIdleBodySizeMax) {
      body_ = BodyState::kNone;
      open_ = false;
      linger_ = true;
      co_return;
    }
    const std::span<char> room(unwanted);
    const size_t size = co_await ReceiveBody(room);
    skipped += size;
  }
}

// Some bytes of the body; 0 when body_ has become kNone, kMalformed or kTruncated.
IoTask<size_t> HttpSession::ReceiveBody(std::span<char> out) {
  if (body_ == BodyState::kChunked) {
    const size_t size = co_await ReceiveChunked(out);
    co_return size;
  }
  const std::span<char> room = out.first(std::min<uint64_t>(out.size(), body_left_));
  size_t size = received_.Take(room);
  if (size == 0) {
    AnswerContinue();
    size = co_await Receive(room);
  }
  awaits_continue_ = false;
  body_left_ -= size;
  pace_.Add(size);
  if (size == 0) {
    body_ = BodyState::kTruncated;
  } else if (body_left_ == 0) {
    body_ = BodyState::kNone;
  }
  co_return size;
}

IoTask<size_t> HttpSession::ReceiveChunked(std::span<char> out) {
  for (;;) {
    RequestParser::Progress progress;
    const RequestParser::Result result = parser_.ParseChunked(received_.bytes(), out, &progress);
    received_.Consume(progress.consumed);
    if (result == RequestParser::Result::kDone) {
      body_ = BodyState::kNone;
      co_return progress.written;
    }
    if (result == RequestParser::Result::kNeedInput && progress.written > 0) {
      awaits_continue_ = false;
      pace_.Add(progress.written);
      co_return progress.written;
    }
    // Too much without an end: a chunk's size line, or the trailer.
    if (result != RequestParser::Result::kNeedInput || received_.bytes().size() >= kHeadSizeMax) {
      body_ = BodyState::kMalformed;
      co_return 0;
    }
    AnswerContinue();
    const bool sent = co_await Flush();
    SetDeadline(pace_.Deadline(now_seconds()), 0);
    const bool filled = sent && co_await FillBuffer();
    if (!filled) {
      body_ = BodyState::kTruncated;
      co_return 0;
    }
  }
}

void HttpSession::AnswerContinue() {
  if (awaits_continue_) {
    out_.append(kContinue);
    awaits_continue_ = false;
  }
}

// Some bytes of a body, straight from the socket; 0 when the connection has ended.
IoTask<size_t> HttpSession::Receive(std::span<char> out) {
  const bool sent = co_await Flush();
  if (!sent) {
    co_return 0;
  }
  SetDeadline(pace_.Deadline(now_seconds()), 0);
  error_code error;
  const size_t size = co_await socket_.async_read_some(asio::buffer(out.data(), out.size()),
                                                       asio::redirect_error(kAwait, error));
  co_return error ? 0 : size;
}

}  // namespace fluxgate
