// Sends the requests of a write load over keep-alive connections, one request in flight on each.
//
// Closed loop: a reply brings the next request. With a rate it is an open loop: requests have times
// at which they are due, and latencies count from then, so that a server that stalls is not spared.
// Errors: any reply but 204, a closed connection or ten seconds without a reply end the load.
// Bounds: by time or requests, whichever comes first.
// Thread: compatible.
#pragma once

#include "tests/bench/latencies.h"
#include "tests/bench/response_reader.h"
#include "tests/bench/sockets.h"
#include "tests/bench/write_plan.h"

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace fluxgate::bench {

struct WriteTally {
  uint64_t requests = 0;
  uint64_t samples = 0;
  double wall_s = 0;
  Latencies latencies;
};

class HttpWriteLoad {
 public:
  // The hosts are shared out among the connections; at least one to each.
  HttpWriteLoad(const std::string& endpoint, const WriteLoad& load, uint32_t connections);

  // Sends each host once.
  WriteTally SendOneRound();

  // Sends for `seconds`, at most `requests_max` requests. `requests_per_s` of 0: a closed loop.
  WriteTally SendFor(double seconds, uint64_t requests_max, double requests_per_s);

  // The round sent last, by host.
  std::vector<uint32_t> LastRounds() const;

  // Why the load ended early; empty while all is well.
  const std::string& error() const { return error_; }

 private:
  struct Connection {
    Connection(Socket connected, WritePlan made)
        : socket(std::move(connected)), plan(std::move(made)) {}
    Socket socket;
    WritePlan plan;
    ResponseReader reader;
    uint64_t sent_requests = 0;
    uint64_t quota = 0;     // requests of this phase that it may still begin
    size_t sent_bytes = 0;  // of the current request
    bool is_busy = false;
    int64_t due_ns = 0;  // when its current or next request was or is to begin
  };
  struct Phase {
    WriteTally tally;
    int64_t end_ns = INT64_MAX;
    uint64_t requests_left = UINT64_MAX;
    int64_t period_ns = 0;  // between two requests of one connection; 0: a closed loop
  };

  WriteTally Run(Phase phase);
  int64_t BeginDue(Phase* phase);
  bool BeginNext(Connection* connection, Phase* phase, int64_t now_ns);
  bool AwaitSockets(int64_t until_ns, Phase* phase);
  void Send(Connection* connection);
  void Receive(Connection* connection, Phase* phase);
  void EndRequest(Connection* connection, Phase* phase);
  void Fail(const std::string& error);

  const uint32_t hosts_;
  Socket epoll_;
  std::deque<Connection> connections_;
  uint32_t busy_ = 0;
  std::string error_;
};

}  // namespace fluxgate::bench
