// Accepts HTTP connections and serves them, spread over the io threads.
//
// A connection stays with the thread it was given to. One above the limit is answered 503 and
// closed; a failing accept (out of file descriptors) is tried again after a pause.
// Lifetime: uses the service and the contexts of its maker. Before it ends, its group must be empty
// and the contexts at rest.
// Errors: of Listen() only; what happens to a connection stays with it.
// Bounds: connections_max connections, and kRefusalsMax more that are being told so.
// Thread: safe once Start() has returned.
#pragma once

#include "bridge/listen/http_service.h"
#include "bridge/listen/task_group.h"

#include <absl/status/status.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace fluxgate {

class HttpServer {
 public:
  static constexpr size_t kRefusalsMax = 64;

  // Accept loops and connections count in `group`. Accepting is done in the first of `contexts`; a
  // connection that scrapes moves to `scrape_context`.
  HttpServer(HttpService* service, std::span<boost::asio::io_context* const> contexts,
             boost::asio::io_context* scrape_context, TaskGroup* group);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Binds all addresses of the service's options, or none. Telemetry paths that clash are an error
  // too.
  absl::Status Listen();

  // What was bound, such as 127.0.0.1:9122.
  std::vector<std::string> addresses() const;

  void Start();

  // Takes in the connections that wait to be accepted, then stops. From then on replies are their
  // connections' last, and idle connections are closed.
  void Drain();

  // Ends all connections, whatever they do.
  void CloseAll();

  size_t connection_count() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fluxgate
