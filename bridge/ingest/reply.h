// An HTTP reply before it is written to a socket, and the shapes of InfluxDB's error bodies.
//
// Encodings: bodies are UTF-8 JSON as Go's encoder writes it (`<`, `>`, `&` escaped, invalid bytes
// U+FFFD), ending in LF.
// Thread: compatible.
// Spec: InfluxDB 1.x httpd handler, 2.x http error handler, 3.x http errors.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fluxgate {

struct Reply {
  int status = 204;
  std::string content_type;  // empty: none is sent
  std::string body;
  // Beside those that every reply carries.
  std::vector<std::pair<std::string, std::string>> headers;
};

// `text` as a JSON string, quotes included.
std::string JsonString(std::string_view text);

// `{"error":"..."}` and X-Influxdb-Error, which holds the first 1,024 bytes with LF as space.
Reply V1Error(int status, std::string_view message);

// `{"code":"...","message":"..."}` and X-Platform-Error-Code; the code follows from the status
// unless it is given.
Reply V2Error(int status, std::string_view message);
Reply V2Error(int status, std::string_view code, std::string_view message);

// `{"error":"..."}`.
Reply V3Error(int status, std::string_view message);

}  // namespace fluxgate
