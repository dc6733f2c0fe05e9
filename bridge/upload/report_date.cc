#include "bridge/upload/report_date.h"

#include "protocol/influx/precision.h"
#include "protocol/influx/time_zone.h"

#include <algorithm>
#include <charconv>
#include <time.h>

namespace fluxgate {
namespace {

constexpr int kTmYear = 1900;  // of tm_year 0
constexpr int kFirstYear = 1970;
constexpr int64_t kGraceNs = int64_t{24} * 3600 * 1'000'000'000;
constexpr int kLeapYearsApartMax = 8;  // 1896, 1904

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

// A date as its text says it.
struct DateRead {
  tm time{};
  std::string_view zone;

  // What the text does not say, such as the year, is the start of `year`.
  static std::optional<DateRead> Read(const std::string& text, const std::string& format, int year,
                                      std::string_view zone) {
    DateRead date;
    date.time.tm_year = year - kTmYear;
    date.time.tm_mday = 1;
    date.zone = zone;
    return ReadFields(text, format, &date.time, &date.zone) ? std::optional(date) : std::nullopt;
  }
};

// nullopt for the 31st of February.
std::optional<int64_t> TimeOf(const DateRead& date, const std::string& format,
                              const ReportZones& zones) {
  const tm& time = date.time;
  const int64_t year = int64_t{time.tm_year} + kTmYear;
  const absl::CivilSecond civil(year, time.tm_mon + 1, time.tm_mday, time.tm_hour, time.tm_min,
                                time.tm_sec);
  if (absl::CivilDay(year, time.tm_mon + 1, time.tm_mday).day() != time.tm_mday) {
    return std::nullopt;
  }
  const std::optional<int64_t> seconds = format.find("%z") != std::string::npos
                                             ? std::optional(SecondsAt(civil, time.tm_gmtoff))
                                             : SecondsIn(civil, date.zone, zones);
  return seconds ? influx::ToNanoseconds(*seconds, influx::Precision::kSecond) : std::nullopt;
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
                                       std::string_view zone_text, const ReportZones& zones,
                                       int64_t now_ns) {
  if (format == "%s") {
    return ParseEpochSeconds(text);
  }
  const auto date = DateRead::Read(text, format, kFirstYear, zone_text);
  const auto another = DateRead::Read(text, format, kFirstYear + 1, zone_text);
  if (!date || !another) {
    return std::nullopt;
  }
  if (date->time.tm_year == another->time.tm_year) {
    return TimeOf(*date, format, zones);
  }
  const int64_t year = absl::ToCivilYear(absl::FromUnixNanos(now_ns), absl::UTCTimeZone()).year();
  const int64_t latest_ns = now_ns + kGraceNs;
  for (int64_t tried = year + 1; tried > year - kLeapYearsApartMax; --tried) {
    const auto in_year = DateRead::Read(text, format, static_cast<int>(tried), zone_text);
    const auto time_ns = in_year ? TimeOf(*in_year, format, zones) : std::nullopt;
    if (time_ns && *time_ns <= latest_ns) {
      return time_ns;
    }
  }
  return std::nullopt;
}

}  // namespace fluxgate
