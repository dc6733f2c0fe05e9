#include "protocol/influx/time_zone.h"

#include <absl/strings/match.h>

#include <algorithm>

namespace fluxgate::influx {
namespace {

struct Zone {
  std::string_view name;
  int32_t minutes;
};

constexpr Zone kZones[] = {
    {"UTC", 0},    {"GMT", 0},     {"Z", 0},       {"UT", 0},     {"WET", 0},    {"WEST", 60},
    {"BST", 60},   {"IRST", 210},  {"CET", 60},    {"CEST", 120}, {"MEZ", 60},   {"MESZ", 120},
    {"MET", 60},   {"MEST", 120},  {"EET", 120},   {"EEST", 180}, {"SAST", 120}, {"CAT", 120},
    {"WAT", 60},   {"EAT", 180},   {"MSK", 180},   {"TRT", 180},  {"GST", 240},  {"PKT", 300},
    {"IST", 330},  {"NPT", 345},   {"BDT", 360},   {"ICT", 420},  {"WIB", 420},  {"WITA", 480},
    {"HKT", 480},  {"SGT", 480},   {"PHT", 480},   {"AWST", 480}, {"JST", 540},  {"KST", 540},
    {"WIT", 540},  {"ACST", 570},  {"ACDT", 630},  {"AEST", 600}, {"AEDT", 660}, {"NZST", 720},
    {"NZDT", 780}, {"NST", -210},  {"NDT", -150},  {"AST", -240}, {"ADT", -180}, {"EST", -300},
    {"EDT", -240}, {"CST", -360},  {"CDT", -300},  {"MST", -420}, {"MDT", -360}, {"PST", -480},
    {"PDT", -420}, {"AKST", -540}, {"AKDT", -480}, {"HST", -600}, {"SST", -660}, {"BRT", -180},
    {"ART", -180}, {"CLT", -240},  {"CLST", -180}, {"COT", -300}, {"PET", -300},
};

std::optional<int32_t> TwoDigits(std::string_view text) {
  const auto is_digit = [](char byte) { return byte >= '0' && byte <= '9'; };
  if (text.empty() || text.size() > 2 || !std::ranges::all_of(text, is_digit)) {
    return std::nullopt;
  }
  int32_t number = 0;
  for (const char byte : text) {
    number = number * 10 + (byte - '0');
  }
  return number;
}

// `+hhmm`, `+hh:mm`, `+hh`, `+h`.
std::optional<int32_t> ParseOffset(std::string_view text) {
  const int32_t sign = text.front() == '-' ? -1 : 1;
  text.remove_prefix(1);
  const size_t colon = text.find(':');
  const size_t hours_size = colon != std::string_view::npos ? colon
                            : text.size() == 4              ? 2
                                                            : text.size();
  std::string_view minutes_text = text.substr(hours_size);
  minutes_text.remove_prefix(colon != std::string_view::npos ? 1 : 0);
  const auto hours = TwoDigits(text.substr(0, hours_size));
  const auto minutes =
      colon == std::string_view::npos && minutes_text.empty() ? 0 : TwoDigits(minutes_text);
  if (!hours || !minutes || *hours > 18 || *minutes > 59) {
    return std::nullopt;
  }
  return sign * (*hours * 60 + *minutes) * 60;
}

}  // namespace

std::optional<int32_t> ParseZoneOffset(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) {
    return ParseOffset(text);
  }
  for (const std::string_view prefix : {"UTC", "GMT"}) {
    const std::string_view rest = text.substr(std::min(prefix.size(), text.size()));
    if (text.starts_with(prefix) && (rest.starts_with('+') || rest.starts_with('-'))) {
      return ParseOffset(rest);
    }
  }
  const auto* const found = std::ranges::find_if(kZones, [&](const Zone& zone) {
    return absl::EqualsIgnoreCase({zone.name.data(), zone.name.size()}, {text.data(), text.size()});
  });
  return found == std::end(kZones) ? std::nullopt : std::optional(found->minutes * 60);
}

}  // namespace fluxgate::influx
