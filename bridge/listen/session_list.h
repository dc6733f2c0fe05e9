// The connections of one io thread, and the one timer that ends those that stand still.
//
// A timer for each read would cost more than parsing a small request; so each session notes by when
// something must have happened, and a sweep, once a second, closes those whose time is over.
// Lifetime: sessions leave the list before it ends.
// Thread: confined(io thread), but for the constructor.
#pragma once

#include <absl/container/flat_hash_set.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <limits>

namespace fluxgate {

class WatchedSession {
 public:
  virtual ~WatchedSession() = default;

  // Closes the socket; what the session waits for ends with an error.
  virtual void Close() = 0;

  // Whether no byte of a request has come in since the last reply, or since the connection began.
  virtual bool is_idle() const = 0;

  // Something must happen within that time; called by the session itself.
  void SetDeadline(uint32_t now_seconds, uint32_t seconds) { deadline_ = now_seconds + seconds; }

 private:
  friend class SessionList;
  uint32_t deadline_ = std::numeric_limits<uint32_t>::max();
  bool was_idle_ = false;  // at the last sweep of a drain
};

class SessionList {
 public:
  explicit SessionList(boost::asio::io_context* context);

  // Starts the sweeps.
  void Start();

  void Add(WatchedSession* session) { sessions_.insert(session); }
  void Remove(WatchedSession* session) { sessions_.erase(session); }

  // Seconds since the list was made, as of the last sweep.
  uint32_t now_seconds() const { return now_seconds_; }

  // From now on every reply is its connection's last, and idle connections are closed - not at
  // once, since their next request may be on its way.
  void BeginDrain();
  bool is_draining() const { return draining_; }

  // Closes every connection and ends the sweeps.
  void CloseAll();
  bool is_closed() const { return closed_; }

 private:
  void Sweep();
  void Arm();
  void CloseOverdue();

  boost::asio::steady_timer timer_;
  const std::chrono::steady_clock::time_point start_;
  absl::flat_hash_set<WatchedSession*> sessions_;
  uint32_t now_seconds_ = 0;
  bool draining_ = false;
  bool closed_ = false;
};

}  // namespace fluxgate
