// How long requests that one connection sent at once have kept others waiting.
//
// Units: ns of the wall clock.
// Thread: compatible.
#pragma once

#include <cstdint>
#include <optional>

namespace fluxgate {

class RequestTurn {
 public:
  // A round through the reactor takes as long as a small request; this is many of them.
  static constexpr int64_t kLengthNs = 1'000'000;

  // Nothing more is there to serve.
  void End() { began_ns_.reset(); }

  // Whether others should have their turn, now that a request is served that began at `began_ns`. A
  // clock that was set back ends a turn.
  bool IsOver(int64_t began_ns, int64_t now_ns) {
    const int64_t first_ns = began_ns_.value_or(began_ns);
    const bool is_over = now_ns < first_ns || now_ns - first_ns >= kLengthNs;
    began_ns_ = is_over ? std::nullopt : std::optional(first_ns);
    return is_over;
  }

 private:
  std::optional<int64_t> began_ns_;  // the first request since others had their turn
};

}  // namespace fluxgate
