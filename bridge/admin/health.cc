#include "bridge/admin/health.h"

#include "bridge/admin/rfc3339.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace fluxgate {
namespace {

constexpr std::string_view kNotVerbose[] = {"", "0", "false"};

// How each state is told, by HealthState.
struct StateText {
  std::string_view influx_status;
  std::string_view text;
};
constexpr std::array<StateText, 3> kStateTexts = {{
    {"starting", "fluxgate is starting.\n"},
    {"ready", "fluxgate is Ready.\n"},
    {"stopping", "fluxgate is shutting down.\n"},
}};

const StateText& TextOf(HealthState state) {
  return kStateTexts[static_cast<size_t>(state)];
}

Reply TextReply(int status, std::string_view body) {
  return {.status = status,
          .content_type = "text/plain; charset=utf-8",
          .body = std::string(body),
          .headers = {}};
}

Reply JsonReply(int status, std::string body) {
  return {.status = status,
          .content_type = "application/json; charset=utf-8",
          .body = std::move(body),
          .headers = {}};
}

// Go's notation, such as 1h2m3s. The tick does not step, so neither does this.
std::string FormatUptime(Tick since, Tick now) {
  const int64_t seconds = static_cast<Tick>(now - since) / kTicksPerSecond;
  const int64_t minutes = seconds / 60;
  if (minutes == 0) {
    return absl::StrFormat("%ds", seconds);
  }
  if (minutes < 60) {
    return absl::StrFormat("%dm%ds", minutes, seconds % 60);
  }
  return absl::StrFormat("%dh%dm%ds", minutes / 60, minutes % 60, seconds % 60);
}

}  // namespace

Health::Health(HealthOptions options, const Now& started)
    : options_(std::move(options)), started_(started) {}

Reply Health::AnswerPing(std::string_view verbose) const {
  if (std::ranges::find(kNotVerbose, verbose) != std::end(kNotVerbose)) {
    return {};
  }
  return JsonReply(200, "{\"version\":" + JsonString(options_.reported_version) + "}\n");
}

Reply Health::AnswerPingV3() const {
  return JsonReply(
      200, absl::StrFormat(R"({"product_name":"fluxgate","version":%s,"revision":%s,)"
                           R"("process_id":%s})"
                           "\n",
                           JsonString(options_.reported_version), JsonString(options_.revision),
                           JsonString(options_.process_id)));
}

Reply Health::AnswerInfluxHealth() const {
  const bool is_up = state() != HealthState::kStarting;
  return JsonReply(
      is_up ? 200 : 503,
      absl::StrFormat(R"({"name":"influxdb","message":"%s","status":"%s","checks":[],)"
                      R"("version":%s,"commit":%s})"
                      "\n",
                      is_up ? "ready for queries and writes" : "starting", is_up ? "pass" : "fail",
                      JsonString(options_.reported_version), JsonString(options_.revision)));
}

Reply Health::AnswerInfluxReady(const Now& now) const {
  return JsonReply(ReadyStatus(),
                   absl::StrFormat("{\n"
                                   "    \"status\": \"%s\",\n"
                                   "    \"started\": \"%s\",\n"
                                   "    \"up\": \"%s\"\n"
                                   "}\n",
                                   TextOf(state()).influx_status, FormatRfc3339(started_.wall_ns),
                                   FormatUptime(started_.tick, now.tick)));
}

Reply Health::AnswerPrometheusHealthy() const {
  return TextReply(200, "fluxgate is Healthy.\n");
}

Reply Health::AnswerPrometheusReady() const {
  return TextReply(ReadyStatus(), TextOf(state()).text);
}

Reply Health::AnswerLivez() const {
  return TextReply(200, "ok\n");
}

Reply Health::AnswerReadyz() const {
  const int status = ReadyStatus();
  return TextReply(status, status == 200 ? "ok\n" : TextOf(state()).text);
}

}  // namespace fluxgate
