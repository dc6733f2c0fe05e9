// The Request-Id of a reply: the client's own, or a UUID like those of InfluxDB.
//
// Encodings: printable ASCII. UUIDs are of version 1, with a random node.
// Bounds: 128 bytes; no system call but for the seed.
// Thread: compatible.
// Spec: RFC 9562, version 1; InfluxDB 1.x httpd handler.
#pragma once

#include "bridge/listen/request_head.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace fluxgate {

class RequestIds {
 public:
  explicit RequestIds(uint64_t seed) : seed_(seed) {}

  // X-Request-Id of the request, else its Request-Id, if that may be echoed; else a new one.
  void Append(const RequestHead& head, int64_t now_ns, std::string* out);

  // A UUID that this object has not given before.
  void AppendNew(int64_t now_ns, std::string* out);

 private:
  const uint64_t seed_;
  uint64_t last_time_ = 0;  // in 100 ns since 1582-10-15
};

}  // namespace fluxgate
