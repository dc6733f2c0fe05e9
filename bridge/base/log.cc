#include "bridge/base/log.h"

#include <absl/strings/str_format.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <chrono>
#include <memory>

namespace fluxgate {
namespace {

constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

// By LogLevel.
constexpr std::string_view kLevelNames[] = {"debug", "info", "warn", "error"};
constexpr spdlog::level::level_enum kSpdlogLevels[] = {spdlog::level::debug, spdlog::level::info,
                                                       spdlog::level::warn, spdlog::level::err};

struct LogSettings {
  LogLevel level = LogLevel::kInfo;
  LogFormat format = LogFormat::kLogfmt;
};
LogSettings g_settings;

// Never destroyed: threads may still log while the process ends.
spdlog::logger& StderrLogger() {
  static spdlog::logger* const logger = [] {
    auto* made = new spdlog::logger("fluxgate", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_level(spdlog::level::trace);
    made->set_pattern("%v");
    return made;
  }();
  return *logger;
}

// RFC 3339 in UTC, such as `2023-11-14T22:13:20.000Z`.
std::string FormatTime(int64_t wall_ns) {
  using std::chrono::floor;
  const std::chrono::sys_time<std::chrono::nanoseconds> exact{std::chrono::nanoseconds(wall_ns)};
  // The midnight of the first day would be out of range in nanoseconds.
  const auto time = floor<std::chrono::milliseconds>(exact);
  const auto day = floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return absl::StrFormat("%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                         static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                         clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                         clock.subseconds().count());
}

// One code point, or one byte that is not part of a valid sequence.
struct Character {
  size_t size = 1;
  uint32_t code = 0;
  bool valid = false;
};

// RFC 3629 section 3; `text` is not empty.
Character FirstCharacter(std::string_view text) {
  static constexpr uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};  // by size
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80) {
    return {1, first, true};
  }
  const size_t size = first < 0xC0 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF8 ? 4 : 0;
  if (size == 0 || text.size() < size) {
    return {};
  }
  uint32_t code = first & (0x7FU >> size);
  for (size_t i = 1; i < size; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0) != 0x80) {
      return {};
    }
    code = (code << 6) | (byte & 0x3FU);
  }
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < kSmallest[size] || code > 0x10FFFF || surrogate) {
    return {};
  }
  return {size, code, true};
}

// Controls are escaped, the C1 ones too: a terminal would obey them.
bool IsControl(uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code <= 0x9F);
}

// The escapes that JSON has are those of logfmt, so both formats share them.
void AppendQuoted(std::string_view text, std::string* out) {
  out->push_back('"');
  while (!text.empty()) {
    const Character character = FirstCharacter(text);
    if (!character.valid) {
      out->append(kReplacementCharacter);
    } else if (character.code == '"' || character.code == '\\') {
      out->push_back('\\');
      out->push_back(text.front());
    } else if (character.code == '\n') {
      out->append("\\n");
    } else if (IsControl(character.code)) {
      absl::StrAppendFormat(out, "\\u%04x", character.code);
    } else {
      out->append(text.substr(0, character.size));
    }
    text.remove_prefix(character.size);
  }
  out->push_back('"');
}

bool NeedsQuotes(std::string_view value) {
  if (value.empty()) {
    return true;
  }
  while (!value.empty()) {
    const Character character = FirstCharacter(value);
    if (!character.valid || character.code == ' ' || character.code == '"' ||
        character.code == '=' || IsControl(character.code)) {
      return true;
    }
    value.remove_prefix(character.size);
  }
  return false;
}

void AppendLogfmtPair(std::string_view key, std::string_view value, std::string* line) {
  if (!line->empty()) {
    line->push_back(' ');
  }
  line->append(key).append("=");
  if (NeedsQuotes(value)) {
    AppendQuoted(value, line);
  } else {
    line->append(value);
  }
}

void AppendJsonPair(std::string_view key, std::string_view value, std::string* line) {
  line->push_back(line->empty() ? '{' : ',');
  AppendQuoted(key, line);
  line->push_back(':');
  AppendQuoted(value, line);
}

// Rounded up: a short interval must not become none.
Tick TicksOf(int64_t interval_ns) {
  return static_cast<Tick>((interval_ns + kNanosecondsPerTick - 1) / kNanosecondsPerTick);
}

}  // namespace

void ConfigureLog(LogLevel level, LogFormat format) {
  g_settings = {level, format};
}

void Log(LogLevel level, std::string_view message, std::initializer_list<LogPair> pairs) {
  if (level < g_settings.level) {
    return;
  }
  const std::string line = FormatLogLine(g_settings.format, level, SystemClock().Read().wall_ns,
                                         message, std::span(pairs.begin(), pairs.size()));
  StderrLogger().log(kSpdlogLevels[static_cast<size_t>(level)], spdlog::string_view_t(line));
}

std::string FormatLogLine(LogFormat format, LogLevel level, int64_t wall_ns,
                          std::string_view message, std::span<const LogPair> pairs) {
  const bool json = format == LogFormat::kJson;
  const auto append_pair = json ? AppendJsonPair : AppendLogfmtPair;
  std::string line;
  append_pair("ts", FormatTime(wall_ns), &line);
  append_pair("level", kLevelNames[static_cast<size_t>(level)], &line);
  append_pair("msg", message, &line);
  for (const LogPair& pair : pairs) {
    append_pair(pair.key, pair.value, &line);
  }
  if (json) {
    line.push_back('}');
  }
  return line;
}

LogLimiter::LogLimiter(int64_t interval_ns) : interval_(TicksOf(interval_ns)) {}

bool LogLimiter::Allow(const Now& now, uint64_t* suppressed) {
  uint64_t last = last_.load(std::memory_order_relaxed);
  // Modulo 2^32, so that ticks may wrap; a reading from shortly before the last line counts as
  // within the interval too.
  const Tick distance = now.tick - static_cast<Tick>(last) + interval_;
  const bool too_soon = last != kNever && distance < 2 * interval_;
  if (too_soon || !last_.compare_exchange_strong(last, now.tick, std::memory_order_relaxed)) {
    suppressed_.fetch_add(1, std::memory_order_relaxed);
    return false;
  }
  *suppressed = suppressed_.exchange(0, std::memory_order_relaxed);
  return true;
}

}  // namespace fluxgate
