#include "bridge/listen/http_counters.h"

#include <algorithm>

namespace fluxgate {

HttpCounters::HttpCounters(const Router& router)
    : routes_(router.routes()), counters_(std::make_unique<Counters[]>(routes_.size())) {}

void HttpCounters::Add(const Route& route, int status) {
  const auto* found = std::find(kStatuses.begin(), kStatuses.end() - 1, status);
  const auto column = static_cast<size_t>(found - kStatuses.begin());
  counters_[route.number][column].fetch_add(1, std::memory_order_relaxed);
}

std::vector<HttpCounters::Count> HttpCounters::Read() const {
  std::vector<Count> counts;
  for (const Route& route : routes_) {
    for (size_t column = 0; column < kStatuses.size(); ++column) {
      const uint64_t requests = counters_[route.number][column].load(std::memory_order_relaxed);
      if (requests > 0) {
        counts.push_back({route.path, kStatuses[column], requests});
      }
    }
  }
  return counts;
}

}  // namespace fluxgate
