// Log lines of key=value pairs, on standard error.
//
// Formats: logfmt (`ts=... level=info msg="..." key=value`) or one JSON object a line. Values are
// quoted where needed and made valid UTF-8.
// Errors: none; a line that cannot be written is lost.
// Bounds: one line at a time; nothing is queued.
// Thread: safe, once ConfigureLog has returned.
#pragma once

#include "bridge/base/clock.h"

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace fluxgate {

enum class LogLevel : uint8_t { kDebug, kInfo, kWarn, kError };
enum class LogFormat : uint8_t { kLogfmt, kJson };

struct LogPair {
  std::string_view key;
  std::string value;
};

// To be called once, before other threads start. The default is info, logfmt.
void ConfigureLog(LogLevel level, LogFormat format);

void Log(LogLevel level, std::string_view message, std::initializer_list<LogPair> pairs = {});

// The line that Log writes, without its line feed. `wall_ns` is ns since the epoch; it is written
// in UTC, to the ms.
std::string FormatLogLine(LogFormat format, LogLevel level, int64_t wall_ns,
                          std::string_view message, std::span<const LogPair> pairs);

// Lets one line through per interval and counts those it kept back, for errors that may repeat
// without end.
class LogLimiter {
 public:
  explicit LogLimiter(int64_t interval_ns = 10'000'000'000);

  // Whether to log now; `suppressed` is then the number of lines kept back since the last one.
  bool Allow(const Now& now, uint64_t* suppressed);

 private:
  static constexpr uint64_t kNever = ~uint64_t{0};

  const Tick interval_;
  std::atomic<uint64_t> last_{kNever};  // tick of the last line, or kNever
  std::atomic<uint64_t> suppressed_{0};
};

}  // namespace fluxgate
