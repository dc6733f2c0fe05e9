// Reads one HTTP/1.1 response, given in pieces, without sockets.
//
// Errors: what is no response, or not delimited by a length or by chunks, makes it bad; the rest is
// then left alone.
// Bounds: the head (64 KiB); the body goes to the sink piece by piece.
// Thread: compatible.
// Spec: RFC 9112.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace fluxgate::bench {

class ResponseReader {
 public:
  using Sink = std::function<void(std::string_view)>;

  // Takes the next bytes of the connection and returns how many of them belong to this response.
  size_t Take(std::string_view bytes, const Sink& sink);

  // Begins the next response.
  void Reset();

  bool is_complete() const { return state_ == State::kComplete; }
  bool is_bad() const { return state_ == State::kBad; }
  int status() const { return status_; }
  bool is_gzip() const { return is_gzip_; }
  const std::string& head() const { return head_; }

 private:
  enum class State : uint8_t { kHead, kBody, kChunkSize, kChunkEnd, kTrailer, kComplete, kBad };

  size_t TakeHead(std::string_view bytes);
  size_t TakeBody(std::string_view bytes, const Sink& sink);
  size_t TakeLine(std::string_view bytes);
  void EndHead();
  void EndLine();

  State state_ = State::kHead;
  std::string head_;  // in lower case once complete
  std::string line_;  // of a chunk's frame
  int status_ = 0;
  bool is_chunked_ = false;
  bool is_gzip_ = false;
  uint64_t remaining_ = 0;  // of the body or the chunk
};

}  // namespace fluxgate::bench
