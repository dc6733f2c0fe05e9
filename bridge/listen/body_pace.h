// By when the next bytes of a request's body must come.
//
// A body may stand still for kBodySecondsMax, and must bring kBodyRateMin on average once
// kBodyGraceSeconds are over: else a byte now and then would keep a connection for ever.
// Units: bytes, seconds of a SessionList.
// Thread: compatible.
#pragma once

#include "bridge/listen/listen_options.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace fluxgate {

class BodyPace {
 public:
  void Begin(uint32_t now_seconds) {
    begun_ = now_seconds;
    received_ = 0;
  }

  void Add(size_t size) { received_ += size; }

  uint32_t Deadline(uint32_t now_seconds) const {
    const uint64_t in_all = uint64_t{begun_} + kBodyGraceSeconds + received_ / kBodyRateMin;
    return static_cast<uint32_t>(
        std::min<uint64_t>(in_all, uint64_t{now_seconds} + kBodySecondsMax));
  }

 private:
  uint32_t begun_ = 0;
  uint64_t received_ = 0;
};

}  // namespace fluxgate
