#include "tests/bench/http_write_load.h"

#include "tests/bench/steady_time.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <sys/epoll.h>
#include <sys/socket.h>

namespace fluxgate::bench {
namespace {

constexpr int64_t kStallNs = 10 * kNanosecondsPerSecond;
constexpr int kEventsMax = 64;

}  // namespace

HttpWriteLoad::HttpWriteLoad(const std::string& endpoint, const WriteLoad& load,
                             uint32_t connections)
    : hosts_(load.hosts), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  for (uint64_t i = 0; i < connections; ++i) {
    const auto begin = static_cast<uint32_t>(i * hosts_ / connections);
    const auto end = static_cast<uint32_t>((i + 1) * hosts_ / connections);
    Connection& made =
        connections_.emplace_back(Connect(endpoint, Transport::kTcp), WritePlan(load, begin, end));
    if (!made.socket.is_open()) {
      Fail("cannot connect");
      return;
    }
    SetNonBlocking(made.socket.fd());
    epoll_event interest{};
    interest.events = EPOLLIN | EPOLLOUT | EPOLLET;
    interest.data.ptr = &made;
    epoll_ctl(epoll_.fd(), EPOLL_CTL_ADD, made.socket.fd(), &interest);
  }
}

WriteTally HttpWriteLoad::SendOneRound() {
  for (Connection& connection : connections_) {
    connection.quota = connection.plan.requests_per_round();
  }
  return Run(Phase());
}

WriteTally HttpWriteLoad::SendFor(double seconds, uint64_t requests_max, double requests_per_s) {
  const int64_t now_ns = SteadyNs();
  Phase phase;
  phase.end_ns = now_ns + static_cast<int64_t>(seconds * kNanosecondsPerSecond);
  phase.requests_left = requests_max;
  const double connections = static_cast<double>(connections_.size());
  if (requests_per_s > 0) {
    phase.period_ns = static_cast<int64_t>(connections * kNanosecondsPerSecond / requests_per_s);
  }
  int64_t turn = 0;
  for (Connection& connection : connections_) {
    connection.quota = UINT64_MAX;
    connection.due_ns =
        now_ns + phase.period_ns * turn++ / static_cast<int64_t>(connections_.size());
  }
  return Run(std::move(phase));
}

WriteTally HttpWriteLoad::Run(Phase phase) {
  const int64_t start_ns = SteadyNs();
  while (error_.empty()) {
    const int64_t next_due_ns = BeginDue(&phase);
    if (busy_ == 0 && next_due_ns == INT64_MAX) {
      break;
    }
    if (!AwaitSockets(next_due_ns, &phase)) {
      Fail("no reply for ten seconds");
    }
  }
  phase.tally.wall_s = SecondsSince(start_ns);
  return std::move(phase.tally);
}

// Begins what is due and returns when the next request is, INT64_MAX for never.
int64_t HttpWriteLoad::BeginDue(Phase* phase) {
  const int64_t now_ns = SteadyNs();
  int64_t next_due_ns = INT64_MAX;
  for (Connection& connection : connections_) {
    if (!connection.is_busy && !BeginNext(&connection, phase, now_ns) && connection.quota > 0 &&
        phase->requests_left > 0 && connection.due_ns < phase->end_ns) {
      next_due_ns = std::min(next_due_ns, connection.due_ns);
    }
  }
  return next_due_ns;
}

bool HttpWriteLoad::BeginNext(Connection* connection, Phase* phase, int64_t now_ns) {
  if (phase->period_ns == 0) {
    connection->due_ns = now_ns;
  }
  if (connection->quota == 0 || phase->requests_left == 0 || connection->due_ns > now_ns ||
      connection->due_ns >= phase->end_ns) {
    return false;
  }
  --connection->quota;
  --phase->requests_left;
  ++busy_;
  connection->is_busy = true;
  connection->sent_bytes = 0;
  connection->reader.Reset();
  Send(connection);
  return true;
}

// Waits for sockets until `until_ns` and serves them. False: nothing moved although requests are in
// flight.
bool HttpWriteLoad::AwaitSockets(int64_t until_ns, Phase* phase) {
  const int64_t wait_ns =
      std::clamp<int64_t>(until_ns == INT64_MAX ? kStallNs : until_ns - SteadyNs(), 0, kStallNs);
  timespec timeout{};
  timeout.tv_sec = wait_ns / kNanosecondsPerSecond;
  timeout.tv_nsec = wait_ns % kNanosecondsPerSecond;
  std::array<epoll_event, kEventsMax> ready;
  const int count = epoll_pwait2(epoll_.fd(), ready.data(), kEventsMax, &timeout, nullptr);
  for (int i = 0; i < count && error_.empty(); ++i) {
    const epoll_event& event = ready[static_cast<size_t>(i)];
    auto* connection = static_cast<Connection*>(event.data.ptr);
    if ((event.events & EPOLLOUT) != 0 && connection->is_busy) {
      Send(connection);
    }
    if ((event.events & ~uint32_t{EPOLLOUT}) != 0) {
      Receive(connection, phase);
    }
  }
  return count != 0 || until_ns != INT64_MAX;
}

void HttpWriteLoad::Send(Connection* connection) {
  const std::string& request = connection->plan.Request(connection->sent_requests);
  while (connection->sent_bytes < request.size()) {
    const ssize_t sent = send(connection->socket.fd(), request.data() + connection->sent_bytes,
                              request.size() - connection->sent_bytes, MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno != EAGAIN) {
        Fail(absl::StrFormat("cannot send: %s", std::strerror(errno)));
      }
      return;
    }
    connection->sent_bytes += static_cast<size_t>(sent);
  }
}

void HttpWriteLoad::Receive(Connection* connection, Phase* phase) {
  std::array<char, 16384> buffer;
  while (error_.empty()) {
    const ssize_t size = recv(connection->socket.fd(), buffer.data(), buffer.size(), 0);
    if (size < 0 && errno == EAGAIN) {
      return;
    }
    if (size <= 0) {
      Fail("the server closed a connection");
      return;
    }
    const std::string_view bytes(buffer.data(), static_cast<size_t>(size));
    std::string body;
    const size_t taken =
        connection->reader.Take(bytes, [&body](std::string_view piece) { body += piece; });
    if (connection->reader.is_bad() || taken < bytes.size() || !connection->is_busy) {
      Fail(absl::StrFormat("not the reply to a request: %s", bytes.substr(0, 400)));
    } else if (connection->reader.is_complete()) {
      if (connection->reader.status() != 204) {
        Fail(absl::StrFormat("%s%s", connection->reader.head(), body.substr(0, 400)));
        return;
      }
      EndRequest(connection, phase);
      if (bytes.size() < buffer.size()) {
        return;  // all was read: more will be told
      }
    }
  }
}

void HttpWriteLoad::EndRequest(Connection* connection, Phase* phase) {
  const int64_t now_ns = SteadyNs();
  phase->tally.latencies.Add(now_ns - connection->due_ns);
  ++phase->tally.requests;
  phase->tally.samples += connection->plan.SampleCount(connection->sent_requests);
  ++connection->sent_requests;
  connection->is_busy = false;
  --busy_;
  connection->due_ns += phase->period_ns;
  BeginNext(connection, phase, now_ns);
}

std::vector<uint32_t> HttpWriteLoad::LastRounds() const {
  std::vector<uint32_t> last_rounds(hosts_);
  for (const Connection& connection : connections_) {
    connection.plan.NoteLastRounds(connection.sent_requests, &last_rounds);
  }
  return last_rounds;
}

void HttpWriteLoad::Fail(const std::string& error) {
  if (error_.empty()) {
    error_ = error;
  }
}

}  // namespace fluxgate::bench
