// Dates in reports, read with strptime and a time zone.
//
// A format without a year means the last year in which the date is not to come; a day of grace is
// for clocks and zones that differ. Units: ns since the epoch. Errors: nullopt for a text that does
// not fit the format, a day that its month has not, and an unknown zone. Thread: compatible (pure
// functions). Spec: POSIX strptime in the C locale, with `%Z` read as an abbreviation (the C
// library passes over it), `%z` as an offset, and `%s`, which stands alone, as seconds since the
// epoch.
#pragma once

#include "bridge/base/string_hash.h"

#include <absl/time/time.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fluxgate {

// An abbreviation, an offset, or a name such as `Europe/Berlin` if this machine knows it. For names
// that the operator gives only: each stays in memory.
std::optional<absl::TimeZone> FindTimeZone(std::string_view name);

struct ReportZones {
  absl::TimeZone zone;              // of dates that name none
  StringMap<absl::TimeZone> known;  // go before the abbreviations that are known anyway
};

// `zone_text` names the zone if it is not empty and the format has none: one of the known zones, an
// abbreviation or an offset.
std::optional<int64_t> ParseReportDate(const std::string& text, const std::string& format,
                                       std::string_view zone_text, const ReportZones& zones,
                                       int64_t now_ns);

}  // namespace fluxgate
