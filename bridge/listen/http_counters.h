// Counts requests by route and status code, for telemetry.
//
// Lifetime: views the routes of the Router it was made for.
// Bounds: one counter for each route and each code that the bridge answers.
// Thread: safe.
#pragma once

#include "bridge/listen/router.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace fluxgate {

class HttpCounters {
 public:
  explicit HttpCounters(const Router& router);

  void Add(const Route& route, int status);

  struct Count {
    std::string_view path;  // of the route, never a client's text
    int status = 0;
    uint64_t requests = 0;
  };

  // Those that are not zero.
  std::vector<Count> Read() const;

 private:
  static constexpr std::array<int, 20> kStatuses = {200, 201, 204, 400, 401, 403, 404,
                                                    405, 408, 413, 415, 417, 422, 429,
                                                    431, 500, 501, 503, 505, 0};  // 0: any other
  using Counters = std::array<std::atomic<uint64_t>, kStatuses.size()>;

  const std::span<const Route> routes_;
  const std::unique_ptr<Counters[]> counters_;  // by route number
};

}  // namespace fluxgate
