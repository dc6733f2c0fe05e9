// Renders the heads of replies: status line and header.
//
// Encodings: header values are made safe: control characters become blanks.
// Bounds: one allocation at most, that of `out`.
// Thread: compatible; one renderer for each io thread.
// Spec: RFC 9112; a 204 has neither body nor Content-Length (RFC 9110 8.6).
#pragma once

#include "bridge/ingest/reply.h"
#include "bridge/listen/request_head.h"
#include "bridge/listen/request_id.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fluxgate {

class ReplyRenderer {
 public:
  // `seed` tells this renderer's request ids from those of others.
  ReplyRenderer(std::string_view reported_version, uint64_t seed);

  // A whole reply. With `close` it says that it is the connection's last. The body is left out for
  // HEAD and 204.
  void AppendReply(const RequestHead& head, const Reply& reply, bool close, int64_t now_ns,
                   std::string* out);

  // The head of a scrape, whose body is chunked unless the client speaks HTTP/1.0.
  void AppendScrapeHead(const RequestHead& head, std::string_view content_type, bool gzip,
                        bool close, int64_t now_ns, std::string* out);

 private:
  // What every reply begins with; the header is left open.
  void AppendStart(const RequestHead& head, int status, bool close, int64_t now_ns,
                   std::string* out);
  std::string_view Date(int64_t now_ns);

  const std::string server_lines_;
  RequestIds request_ids_;
  std::string request_id_;
  std::string date_;
  int64_t date_seconds_ = -1;
};

// One chunk of a chunked body is its size line, its bytes and kChunkEnd; the body ends with
// kLastChunk.
void AppendChunkSize(size_t size, std::string* out);
inline constexpr std::string_view kChunkEnd = "\r\n";
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

inline constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace fluxgate
