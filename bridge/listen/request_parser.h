// Reads HTTP/1.0 and 1.1 requests from bytes as they come in. Does no I/O.
//
// Use: Begin(), then ParseHead() with the bytes at hand until it gives kDone; for a chunked body
// ParseChunked() likewise. A body of known length is not shown to the parser. Bytes that were not
// consumed are to be given again, with more behind.
// Errors: a malformed request is kMalformed with a reason; a head over the limit kTooLarge. Both
// are final until Begin().
// Bounds: keeps the parts of the head that RequestHead has.
// Thread: compatible.
// Spec: RFC 9112; an empty line in front of a request is passed over. A head whose first line ends
// in a bare LF may have bare LFs throughout, as scripts send it; in others, and in chunked bodies,
// a bare LF is refused.
#pragma once

#include "bridge/listen/request_head.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace fluxgate {

class RequestParser {
 public:
  enum class Result : uint8_t { kNeedInput, kDone, kMalformed, kTooLarge, kBadVersion };

  struct Progress {
    size_t consumed = 0;  // of the input
    size_t written = 0;   // to the output
  };

  explicit RequestParser(size_t head_size_max);
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  void Begin();

  Result ParseHead(std::string_view input, Progress* progress);

  // Whether ParseHead() has consumed bytes of a request; empty lines in front of it are none.
  bool has_begun() const;

  // kDone after the last chunk and the trailer; kNeedInput also when `out` is full.
  Result ParseChunked(std::string_view input, std::span<char> out, Progress* progress);

  // What was read of the head: all of it from kDone of ParseHead on, nothing after Begin().
  const RequestHead& head() const;

  // Why a request is malformed, in words.
  std::string_view reason() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fluxgate
