// Fetches a page over a new connection, as a scrape does.
//
// Units: seconds from before the request was sent; bytes on the wire, frames included.
// Errors: no answer, a broken one, a status but 200 or a broken gzip stream fail the fetch.
// Bounds: 256 KiB at a time; the page goes to the sink piece by piece. A minute of silence is an
// error.
// Thread: compatible.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace fluxgate::bench {

struct Fetch {
  double first_byte_s = 0;
  double wall_s = 0;
  uint64_t size = 0;
  std::string error;  // empty: all went well
};

struct PageRequest {
  std::string path = "/metrics";
  bool gzip = false;
  bool openmetrics = false;
};

// `page`: takes the page, inflated if need be; null: it is received and left as it is.
Fetch FetchPage(const std::string& endpoint, const PageRequest& request,
                const std::function<void(std::string_view)>& page);

}  // namespace fluxgate::bench
