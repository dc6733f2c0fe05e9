// The latencies of the requests of one run, kept whole.
//
// Units: ns, seconds out.
// Bounds: kCountMax of them; further ones are not kept.
// Thread: compatible.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace fluxgate::bench {

class Latencies {
 public:
  static constexpr size_t kCountMax = 20'000'000;

  void Add(int64_t ns) {
    if (ns_.size() < kCountMax) {
      ns_.push_back(static_cast<uint32_t>(std::clamp<int64_t>(ns, 0, UINT32_MAX)));
    }
  }

  // The latency that a `share` of the requests did not exceed, in seconds; 0 of none.
  double Quantile(double share) {
    if (ns_.empty()) {
      return 0;
    }
    const auto at =
        ns_.begin() + static_cast<ptrdiff_t>(share * static_cast<double>(ns_.size() - 1));
    std::nth_element(ns_.begin(), at, ns_.end());
    return *at * 1e-9;
  }

 private:
  std::vector<uint32_t> ns_;
};

}  // namespace fluxgate::bench
