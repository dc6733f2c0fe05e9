#include "tests/bench/http_get.h"

#include "bridge/ingest/body_decoder.h"

#include "tests/bench/response_reader.h"
#include "tests/bench/sockets.h"
#include "tests/bench/steady_time.h"

#include <absl/strings/str_format.h>

#include <memory>
#include <optional>
#include <sys/socket.h>
#include <sys/time.h>

namespace fluxgate::bench {
namespace {

constexpr size_t kPieceSize = size_t{256} << 10;
constexpr time_t kStallSeconds = 60;

// Passes a body on, inflated if it is gzip.
class PageSink {
 public:
  explicit PageSink(const std::function<void(std::string_view)>& page)
      : page_(page), inflated_(page ? kPieceSize : 0, '\0') {}

  void Take(std::string_view piece, bool is_gzip) {
    if (!page_) {
      return;
    }
    if (!is_gzip) {
      page_(piece);
      return;
    }
    if (!decoder_) {
      decoder_.emplace(ContentCoding::kGzip, UINT64_MAX);
    }
    decoder_->SetInput(piece, false);
    Drain();
  }

  // False when a gzip stream was broken or not complete.
  bool Finish() {
    if (decoder_ && result_ == BodyDecoder::Result::kNeedInput) {
      decoder_->SetInput({}, true);
      Drain();
      return result_ == BodyDecoder::Result::kEnd;
    }
    return !decoder_;
  }

 private:
  void Drain() {
    do {
      size_t written = 0;
      result_ = decoder_->Decode(inflated_, &written);
      page_(std::string_view(inflated_).substr(0, written));
    } while (result_ == BodyDecoder::Result::kOutput);
  }

  const std::function<void(std::string_view)>& page_;
  std::string inflated_;
  std::optional<BodyDecoder> decoder_;
  BodyDecoder::Result result_ = BodyDecoder::Result::kNeedInput;
};

std::string HeadOf(const PageRequest& request) {
  return absl::StrFormat(
      "GET %s HTTP/1.1\r\nHost: localhost\r\nUser-Agent: load_generator\r\nAccept: %s\r\n"
      "Accept-Encoding: %s\r\n\r\n",
      request.path,
      request.openmetrics ? "application/openmetrics-text;version=1.0.0" : "text/plain",
      request.gzip ? "gzip" : "identity");
}

std::string Receive(int fd, PageSink* sink, Fetch* fetch, int64_t start_ns) {
  const auto buffer = std::make_unique_for_overwrite<char[]>(kPieceSize);
  ResponseReader reader;
  while (!reader.is_complete()) {
    const ssize_t size = recv(fd, buffer.get(), kPieceSize, 0);
    if (size <= 0) {
      return "the server closed the connection or fell silent";
    }
    if (fetch->size == 0) {
      fetch->first_byte_s = SecondsSince(start_ns);
    }
    fetch->size += static_cast<uint64_t>(size);
    const std::string_view bytes(buffer.get(), static_cast<size_t>(size));
    const size_t taken =
        reader.Take(bytes, [&](std::string_view piece) { sink->Take(piece, reader.is_gzip()); });
    if (reader.is_bad() || taken < bytes.size()) {
      return "not an HTTP response";
    }
  }
  fetch->wall_s = SecondsSince(start_ns);
  return reader.status() == 200 ? "" : reader.head();
}

}  // namespace

Fetch FetchPage(const std::string& endpoint, const PageRequest& request,
                const std::function<void(std::string_view)>& page) {
  Fetch fetch;
  const int64_t start_ns = SteadyNs();
  const Socket socket = Connect(endpoint, Transport::kTcp);
  timeval stall{};
  stall.tv_sec = kStallSeconds;
  setsockopt(socket.fd(), SOL_SOCKET, SO_RCVTIMEO, &stall, sizeof(stall));
  if (!socket.is_open() || !SendAll(socket.fd(), HeadOf(request))) {
    fetch.error = "cannot send the request";
    return fetch;
  }
  PageSink sink(page);
  fetch.error = Receive(socket.fd(), &sink, &fetch, start_ns);
  if (fetch.error.empty() && !sink.Finish()) {
    fetch.error = "a broken gzip stream";
  }
  return fetch;
}

}  // namespace fluxgate::bench
