#include "bridge/listen/session_list.h"

#include <vector>

namespace fluxgate {
namespace {

constexpr std::chrono::milliseconds kSweepInterval{1000};
constexpr std::chrono::milliseconds kDrainInterval{100};

}  // namespace

SessionList::SessionList(boost::asio::io_context* context)
    : timer_(*context), start_(std::chrono::steady_clock::now()) {}

void SessionList::Start() {
  Arm();
}

void SessionList::BeginDrain() {
  draining_ = true;
  Arm();
}

void SessionList::CloseAll() {
  closed_ = true;
  timer_.cancel();
  for (WatchedSession* session : sessions_) {
    session->Close();
  }
}

void SessionList::Arm() {
  if (closed_) {
    return;
  }
  timer_.expires_after(draining_ ? kDrainInterval : kSweepInterval);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error && !closed_) {
      Sweep();
    }
  });
}

void SessionList::Sweep() {
  const auto elapsed = std::chrono::steady_clock::now() - start_;
  now_seconds_ =
      static_cast<uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(elapsed).count());
  CloseOverdue();
  Arm();
}

void SessionList::CloseOverdue() {
  // Close() only cancels what the session waits for; it leaves the list later.
  for (WatchedSession* session : sessions_) {
    const bool idle = draining_ && session->is_idle();
    if (session->deadline_ < now_seconds_ || (idle && session->was_idle_)) {
      session->Close();
    }
    session->was_idle_ = idle;
  }
}

}  // namespace fluxgate
