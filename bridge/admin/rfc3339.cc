#include "bridge/admin/rfc3339.h"

#include <absl/time/time.h>

namespace fluxgate {

std::string FormatRfc3339(int64_t time_ns) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::FromUnixNanos(time_ns),
                          absl::UTCTimeZone());
}

}  // namespace fluxgate
