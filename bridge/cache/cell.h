// One Prometheus series of the cache: its last value and when it came.
//
// Units: value as exposed; time in ns since the epoch, as the writer said; tick of arrival
// (base/clock.h).
// Thread: compatible; guarded by the lock of its shard.
#pragma once

#include "bridge/base/clock.h"
#include "bridge/cache/cache_options.h"

#include <algorithm>
#include <cstdint>

namespace fluxgate {

struct Cell {
  double value = 0;
  int64_t time_ns = 0;
  Tick tick = 0;
  uint32_t column = 0;  // of the row's table
};
static_assert(sizeof(Cell) == 24);

// When samples expire and which points are historic, worked out once.
class Freshness {
 public:
  explicit Freshness(const CacheOptions& options)
      : expiry_ns_(options.sample_expiry_ns),
        expiry_ticks_(static_cast<int32_t>(
            std::clamp<int64_t>(options.sample_expiry_ns / kNanosecondsPerTick +
                                    (options.sample_expiry_ns % kNanosecondsPerTick > 0),
                                1, INT32_MAX / 2))),
        age_max_ns_(AgeMax(options)),
        clock_(options.expiry_clock) {}

  bool IsExpired(const Cell& cell, const Now& now) const {
    // A time in the future does not keep a sample beyond its expiry by arrival.
    if (clock_ == ExpiryClock::kSample && cell.time_ns < Before(now.wall_ns, expiry_ns_)) {
      return true;
    }
    // Threads read the clock at different moments, so a cell may be a little younger than now.
    return static_cast<int32_t>(now.tick - cell.tick) > expiry_ticks_;
  }

  bool IsHistoric(int64_t time_ns, const Now& now) const {
    return age_max_ns_ > 0 && time_ns < Before(now.wall_ns, age_max_ns_);
  }

  Tick expiry_ticks() const { return static_cast<Tick>(expiry_ticks_); }

 private:
  // By the samples' own times, what is older than the expiry is never shown either.
  static int64_t AgeMax(const CacheOptions& options) {
    return options.expiry_clock == ExpiryClock::kSample
               ? std::min(options.sample_age_max_ns, options.sample_expiry_ns)
               : options.sample_age_max_ns;
  }

  // `wall_ns` minus `span_ns`, held at the least time there is.
  static int64_t Before(int64_t wall_ns, int64_t span_ns) {
    return wall_ns < INT64_MIN + span_ns ? INT64_MIN : wall_ns - span_ns;
  }

  int64_t expiry_ns_;
  int32_t expiry_ticks_;
  int64_t age_max_ns_;
  ExpiryClock clock_;
};

// The time by which what `cell` holds is ordered. A time that is still to come counts as the time
// of arrival, to a tick: counted as now it would win against every point that was sent a moment
// ago. The tick does not step, so this holds when our own clock was set back, too.
inline int64_t OrderTime(const Cell& cell, const Now& now) {
  if (cell.time_ns <= now.wall_ns) {
    return cell.time_ns;
  }
  const int32_t ticks = std::max(static_cast<int32_t>(now.tick - cell.tick), 0);
  return now.wall_ns - ticks * kNanosecondsPerTick;
}

// Whether a point of time `time_ns` loses against what `cell` holds. A time later than now counts
// as now, so that neither a bad sender clock nor a step of our own freezes a series; a tie goes to
// the later arrival.
inline bool IsOlder(int64_t time_ns, const Cell& cell, const Now& now) {
  return std::min(time_ns, now.wall_ns) < OrderTime(cell, now);
}

}  // namespace fluxgate
