// Remembers the last few rejected lines, samples and series of each reason, for people who ask why.
//
// Lifetime: reasons are static strings (LineErrorCode names, drop reasons); everything else is
// copied.
// Bounds: kPerReason rejections of each reason, of each at most kTextSizeMax bytes of text; reasons
// are a closed set.
// Thread: safe.
#pragma once

#include "bridge/base/mutex.h"

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate {

struct Rejection {
  int64_t time_ns = 0;   // when it was rejected
  std::string peer;      // address and port of the sender
  std::string database;  // empty when none was named
  std::string text;      // the start of the line
  std::string detail;    // the reason in words; for a sample the field it would have come from
};

class RejectionLog {
 public:
  static constexpr size_t kPerReason = 20;
  static constexpr size_t kTextSizeMax = 256;

  void Add(std::string_view reason, Rejection rejection);

  // Every reason with its rejections, newest first.
  std::vector<std::pair<std::string_view, std::vector<Rejection>>> Snapshot() const;

 private:
  mutable Mutex mutex_;
  std::map<std::string_view, std::deque<Rejection>> by_reason_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fluxgate
