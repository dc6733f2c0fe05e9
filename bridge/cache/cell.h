// One Prometheus series of the cache: its last value and when it came.
//
// Units: value as exposed; time in ns since the epoch, as the writer said; tick of arrival
// (base/clock.h), of a member of a group that of Freshness::TickToLive.
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
        expiry_ticks_(static_cast<int32_t>(TicksIn(options.sample_expiry_ns))),
        age_max_ns_(AgeMax(options)),
        clock_(options.expiry_clock) {}

  bool IsExpired(const Cell& cell, const Now& now) const {
    // Threads read the clock at different moments, so a cell may be a little younger than now.
    const int32_t age = static_cast<int32_t>(now.tick - cell.tick);
    // A time in the future does not keep a sample beyond its expiry by arrival.
    if (age > expiry_ticks_) {
      return true;
    }
    // A tick in the future keeps a member of a group, whatever its own time.
    return clock_ == ExpiryClock::kSample && age >= 0 &&
           cell.time_ns < Before(now.wall_ns, expiry_ns_);
  }

  // The tick that makes a sample of `time_ns` live for `lifetime` ticks from now on, not for the
  // sample expiry.
  Tick TickToLive(Tick lifetime, int64_t time_ns, const Now& now) const {
    const int64_t end_ns = now.wall_ns + int64_t{lifetime} * kNanosecondsPerTick;
    if (clock_ == ExpiryClock::kSample && time_ns < Before(end_ns, expiry_ns_)) {
      return now.tick + lifetime + 1;
    }
    return now.tick + lifetime - expiry_ticks();
  }

  // A tick that is expired now.
  Tick ExpiredTick(const Now& now) const { return now.tick - expiry_ticks() - 1; }

  bool IsHistoric(int64_t time_ns, const Now& now) const {
    return age_max_ns_ > 0 && time_ns < Before(now.wall_ns, age_max_ns_);
  }

  Tick expiry_ticks() const { return static_cast<Tick>(expiry_ticks_); }

  // `span_ns` in ticks: at least one, at most two years, so that ticks can be compared.
  static Tick TicksIn(int64_t span_ns) {
    const int64_t ticks = span_ns / kNanosecondsPerTick + (span_ns % kNanosecondsPerTick > 0);
    return static_cast<Tick>(std::clamp<int64_t>(ticks, 1, INT32_MAX / 2));
  }

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

// The time by which a stored point of time `time_ns` is ordered that came in at `arrival`. A time
// that is still to come counts as the time of arrival, to a tick: counted as now it would win
// against every point that was sent a moment ago. The tick does not step, so this holds when our
// own clock was set back, too.
inline int64_t OrderTime(int64_t time_ns, Tick arrival, const Now& now) {
  if (time_ns <= now.wall_ns) {
    return time_ns;
  }
  const int32_t ticks = std::max(static_cast<int32_t>(now.tick - arrival), 0);
  return now.wall_ns - ticks * kNanosecondsPerTick;
}

// Whether a point of time `time_ns` loses against what `cell` holds, which came in at `arrival`. A
// time later than now counts as now, so that neither a bad sender clock nor a step of our own
// freezes a series; a tie goes to the later arrival.
inline bool IsOlder(int64_t time_ns, const Cell& cell, Tick arrival, const Now& now) {
  return std::min(time_ns, now.wall_ns) < OrderTime(cell.time_ns, arrival, now);
}
inline bool IsOlder(int64_t time_ns, const Cell& cell, const Now& now) {
  return IsOlder(time_ns, cell, cell.tick, now);
}

}  // namespace fluxgate
