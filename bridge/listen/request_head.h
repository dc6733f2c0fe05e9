// The first line and the header of an HTTP request: what the bridge wants of them.
//
// Encodings: bytes as received; of a header that came several times the values are joined by ", "
// where lists are allowed, else the first counts. `path` has no double slashes.
// Lifetime: owns its strings; of their memory each keeps 1 KiB at most from request to request.
// Thread: compatible.
// Spec: RFC 9112, RFC 9110.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fluxgate {

enum class HttpMethod : uint8_t { kGet, kHead, kPost, kPut, kDelete, kOptions, kOther };

struct RequestHead {
  HttpMethod method = HttpMethod::kOther;
  bool http_1_0 = false;
  bool keep_alive = true;         // whether the client takes another reply on this connection
  bool expects_continue = false;  // waits for `100 Continue` before it sends the body
  bool unknown_expectation = false;
  bool chunked = false;
  bool unknown_transfer_coding = false;
  std::optional<uint64_t> content_length;
  std::string path;
  std::string query;  // behind the `?`, percent-encoded
  std::string accept;
  std::string accept_encoding;
  std::string content_encoding;
  std::string origin;
  std::string content_type;
  std::string x_request_id;
  std::string request_id;

  bool has_body() const { return chunked || content_length.value_or(0) > 0; }

  // Back to the state before a request.
  void Clear();
};

HttpMethod ParseMethod(std::string_view name);

// Splits a request target (origin or absolute form) into path and query; slashes that follow one
// another become one.
void SplitTarget(std::string_view target, std::string* path, std::string* query);

// `path` with each run of slashes made one.
std::string CollapseSlashes(std::string_view path);

}  // namespace fluxgate
