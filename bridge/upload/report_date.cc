#include "bridge/upload/report_date.h"

#include "protocol/influx/precision.h"
#include "protocol/influx/time_zone.h"

#include <algorithm>
#include <charconv>
#include <time.h>

namespace fluxgate {
namespace {

bool BelongsToZone(char byte) {
  return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
         (byte >= '0' && byte <= '9') || byte == '+' || byte == '-' || byte == ':' || byte == '/' ||
         byte == '_';
}

std::optional<int64_t> ParseEpochSeconds(std::string_view text) {
  int64_t seconds = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) {
    return std::nullopt;
  }
  return influx::ToNanoseconds(seconds, influx::Precision::kSecond);
}

// Where `%Z` begins, or npos; `%%Z` is none.
size_t FindZoneDirective(std::string_view format) {
  for (size_t i = 0; i + 1 < format.size(); ++i) {
    if (format[i] == '%') {
      if (format[i + 1] == 'Z') {
        return i;
      }
      ++i;
    }
  }
  return std::string_view::npos;
}

// Reads the date into `time` and the text of `%Z` into `zone`.
bool ReadFields(const std::string& text, const std::string& format, tm* time,
                std::string_view* zone) {
  const size_t directive = FindZoneDirective(format);
  const char* rest = strptime(text.c_str(), format.substr(0, directive).c_str(), time);
  if (rest == nullptr || directive == std::string::npos) {
    return rest != nullptr && *rest == '\0';
  }
  std::string_view behind = std::string_view(text).substr(static_cast<size_t>(rest - text.data()));
  behind.remove_prefix(std::min(behind.find_first_not_of(' '), behind.size()));
  const auto* const end = std::ranges::find_if_not(behind, BelongsToZone);
  *zone = behind.substr(0, static_cast<size_t>(end - behind.begin()));
  if (zone->empty()) {
    return false;
  }
  rest = strptime(end, format.substr(directive + 2).c_str(), time);
  return rest != nullptr && *rest == '\0';
}

int64_t SecondsAt(absl::CivilSecond civil, int64_t offset_seconds) {
  return absl::ToUnixSeconds(absl::FromCivil(civil, absl::UTCTimeZone())) - offset_seconds;
}

// A zone that a report names is never loaded: that opens files, and keeps each zone for ever.
std::optional<int64_t> SecondsIn(absl::CivilSecond civil, std::string_view zone_text,
                                 const ReportZones& zones) {
  if (zone_text.empty()) {
    return absl::ToUnixSeconds(absl::FromCivil(civil, zones.zone));
  }
  if (const auto known = zones.known.find(zone_text); known != zones.known.end()) {
    return absl::ToUnixSeconds(absl::FromCivil(civil, known->second));
  }
  const std::optional<int32_t> offset = influx::ParseZoneOffset(zone_text);
  return offset ? std::optional(SecondsAt(civil, *offset)) : std::nullopt;
}

}  // namespace

std::optional<absl::TimeZone> FindTimeZone(std::string_view name) {
  if (const std::optional<int32_t> offset = influx::ParseZoneOffset(name)) {
    return absl::FixedTimeZone(*offset);
  }
  absl::TimeZone zone;
  const bool is_known =
      !name.empty() && absl::LoadTimeZone(absl::string_view(name.data(), name.size()), &zone);
  return is_known ? std::optional(zone) : std::nullopt;
}

std::optional<int64_t> ParseReportDate(const std::string& text, const std::string& format,
                                       std::string_view zone_text, const ReportZones& zones) {
  if (format == "%s") {
    return ParseEpochSeconds(text);
  }
  tm time{};
  time.tm_year = 70;
  time.tm_mday = 1;
  if (!ReadFields(text, format, &time, &zone_text)) {
    return std::nullopt;
  }
  const absl::CivilSecond civil(time.tm_year + 1900, time.tm_mon + 1, time.tm_mday, time.tm_hour,
                                time.tm_min, time.tm_sec);
  const absl::CivilDay day(time.tm_year + 1900, time.tm_mon + 1, time.tm_mday);
  if (day.day() != time.tm_mday) {
    return std::nullopt;  // the 31st of February
  }
  const std::optional<int64_t> seconds = format.find("%z") != std::string::npos
                                             ? std::optional(SecondsAt(civil, time.tm_gmtoff))
                                             : SecondsIn(civil, zone_text, zones);
  return seconds ? influx::ToNanoseconds(*seconds, influx::Precision::kSecond) : std::nullopt;
}

}  // namespace fluxgate
