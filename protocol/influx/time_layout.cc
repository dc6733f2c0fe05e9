#include "protocol/influx/time_layout.h"

#include "protocol/influx/precision.h"
#include "protocol/influx/time_zone.h"

#include <absl/strings/match.h>

#include <algorithm>
#include <array>

namespace fluxgate::influx {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> kWeekdays = {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

struct Civil {
  int64_t year = 1970;
  int64_t month = 1;
  int64_t day = 1;
  int64_t hour = 0;
  int64_t minute = 0;
  int64_t second = 0;
  int64_t nanosecond = 0;
  bool is_afternoon = false;
  bool is_twelve_hours = false;
  int32_t offset_seconds = 0;
  bool has_offset = false;        // a number, which goes before a zone's name
  bool has_unknown_zone = false;  // by name
};

enum class Part : uint8_t {
  kYear,
  kShortYear,
  kMonthName,
  kShortMonthName,
  kMonth,
  kDay,
  kHour,
  kHour12,
  kMinute,
  kSecond,
  kWeekday,
  kShortWeekday,
  kAfternoon,
  kZoneName,
  kOffset,
};

struct LayoutToken {
  std::string_view token;
  Part part;
  size_t digits_min = 0;
  size_t digits_max = 0;
};

// Longer ones before those that they begin with.
constexpr LayoutToken kTokens[] = {
    {"2006", Part::kYear, 4, 4}, {"January", Part::kMonthName},  {"Jan", Part::kShortMonthName},
    {"Monday", Part::kWeekday},  {"Mon", Part::kShortWeekday},   {"MST", Part::kZoneName},
    {"Z07:00", Part::kOffset},   {"Z0700", Part::kOffset},       {"-07:00", Part::kOffset},
    {"-0700", Part::kOffset},    {"-07", Part::kOffset},         {"01", Part::kMonth, 2, 2},
    {"02", Part::kDay, 2, 2},    {"03", Part::kHour12, 2, 2},    {"04", Part::kMinute, 2, 2},
    {"05", Part::kSecond, 2, 2}, {"06", Part::kShortYear, 2, 2}, {"15", Part::kHour, 2, 2},
    {"_2", Part::kDay, 1, 2},    {"PM", Part::kAfternoon},       {"pm", Part::kAfternoon},
    {"1", Part::kMonth, 1, 2},   {"2", Part::kDay, 1, 2},        {"3", Part::kHour12, 1, 2},
    {"4", Part::kMinute, 1, 2},  {"5", Part::kSecond, 1, 2},
};

bool IsDigit(char byte) {
  return byte >= '0' && byte <= '9';
}

bool TakeDigits(std::string_view* text, size_t size_min, size_t size_max, int64_t* number) {
  size_t size = 0;
  *number = 0;
  while (size < size_max && size < text->size() && IsDigit((*text)[size])) {
    *number = *number * 10 + ((*text)[size] - '0');
    ++size;
  }
  text->remove_prefix(size);
  return size >= size_min;
}

// Of a name in `names`, its first `size_max` bytes, in any case.
template <size_t kCount>
bool TakeName(std::string_view* text, const std::array<std::string_view, kCount>& names,
              size_t size_max, int64_t* number) {
  for (size_t i = 0; i < kCount; ++i) {
    const std::string_view name = names[i].substr(0, size_max);
    if (absl::StartsWithIgnoreCase({text->data(), text->size()}, {name.data(), name.size()})) {
      text->remove_prefix(name.size());
      *number = static_cast<int64_t>(i) + 1;
      return true;
    }
  }
  return false;
}

bool TakeZone(std::string_view* text, bool is_name, Civil* civil) {
  const auto belongs = [](char byte) {
    return IsDigit(byte) || byte == '+' || byte == '-' || byte == ':' ||
           (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
  };
  const size_t size = static_cast<size_t>(std::ranges::find_if_not(*text, belongs) - text->begin());
  const std::optional<int32_t> offset = ParseZoneOffset(text->substr(0, size));
  text->remove_prefix(size);
  if (is_name) {
    civil->has_unknown_zone |= !offset;
  } else {
    civil->has_offset |= offset.has_value();
  }
  if (offset && (!is_name || !civil->has_offset)) {
    civil->offset_seconds = *offset;
  }
  return is_name ? size > 0 : offset.has_value();
}

void TakeFraction(std::string_view* text, Civil* civil) {
  if (text->size() < 2 || ((*text)[0] != '.' && (*text)[0] != ',') || !IsDigit((*text)[1])) {
    return;
  }
  text->remove_prefix(1);
  int64_t unit = 100'000'000;
  while (!text->empty() && IsDigit(text->front())) {
    civil->nanosecond += (text->front() - '0') * unit;
    unit /= 10;
    text->remove_prefix(1);
  }
}

bool TakePart(const LayoutToken& token, std::string_view* text, Civil* civil) {
  int64_t ignored = 0;
  const auto take = [&](int64_t* number) {
    return TakeDigits(text, token.digits_min, token.digits_max, number);
  };
  switch (token.part) {
    case Part::kYear:
      return take(&civil->year);
    case Part::kShortYear: {
      const bool taken = take(&civil->year);
      civil->year += civil->year >= 69 ? 1900 : 2000;
      return taken;
    }
    case Part::kMonthName:
      return TakeName(text, kMonths, SIZE_MAX, &civil->month);
    case Part::kShortMonthName:
      return TakeName(text, kMonths, 3, &civil->month);
    case Part::kMonth:
      return take(&civil->month);
    case Part::kDay:
      text->remove_prefix(token.token == "_2" && text->starts_with(' ') ? 1 : 0);
      return take(&civil->day);
    case Part::kHour12:
      civil->is_twelve_hours = true;
      return take(&civil->hour);
    case Part::kHour:
      return take(&civil->hour);
    case Part::kMinute:
      return take(&civil->minute);
    case Part::kSecond: {
      const bool taken = take(&civil->second);
      TakeFraction(text, civil);
      return taken;
    }
    case Part::kWeekday:
      return TakeName(text, kWeekdays, SIZE_MAX, &ignored);
    case Part::kShortWeekday:
      return TakeName(text, kWeekdays, 3, &ignored);
    case Part::kAfternoon: {
      constexpr std::array<std::string_view, 2> kHalves = {"AM", "PM"};
      const bool taken = TakeName(text, kHalves, 2, &ignored);
      civil->is_afternoon = ignored == 2;
      return taken;
    }
    case Part::kZoneName:
    case Part::kOffset:
      return TakeZone(text, token.part == Part::kZoneName, civil);
  }
  return false;
}

// The layout's fraction (`.000`, `.999`) was read with the seconds.
size_t FractionSize(std::string_view layout) {
  if (layout.size() < 2 || (layout[0] != '.' && layout[0] != ',')) {
    return 0;
  }
  const size_t end = std::min(layout.find_first_not_of(layout[1], 1), layout.size());
  const bool is_fraction =
      (layout[1] == '0' || layout[1] == '9') && (end == layout.size() || !IsDigit(layout[end]));
  return is_fraction ? end : 0;
}

bool ReadLayout(std::string_view text, std::string_view layout, Civil* civil) {
  while (!layout.empty()) {
    if (const size_t fraction = FractionSize(layout); fraction > 0) {
      layout.remove_prefix(fraction);
      continue;
    }
    const auto* const token = std::ranges::find_if(
        kTokens, [&](const LayoutToken& each) { return layout.starts_with(each.token); });
    if (token != std::end(kTokens)) {
      if (!TakePart(*token, &text, civil)) {
        return false;
      }
      layout.remove_prefix(token->token.size());
      continue;
    }
    if (text.empty() || text.front() != layout.front()) {
      return false;
    }
    text.remove_prefix(1);
    layout.remove_prefix(1);
  }
  return text.empty();
}

bool IsLeap(int64_t year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool IsDate(const Civil& civil) {
  constexpr std::array<int64_t, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (civil.month < 1 || civil.month > 12) {
    return false;
  }
  const bool is_leap_month = civil.month == 2 && IsLeap(civil.year);
  const int64_t days = kDays[static_cast<size_t>(civil.month - 1)] + (is_leap_month ? 1 : 0);
  return civil.day >= 1 && civil.day <= days && civil.hour <= 23 && civil.minute <= 59 &&
         civil.second <= 60;
}

// Days from 1970-01-01; years from March on, so that the leap day is the last.
int64_t DaysOf(const Civil& civil) {
  const int64_t year = civil.year - (civil.month <= 2 ? 1 : 0);
  const int64_t month = (civil.month + 9) % 12;
  const int64_t leap_days = year / 4 - year / 100 + year / 400;
  constexpr int64_t kDaysBefore1970 = 719468;
  return year * 365 + leap_days + (153 * month + 2) / 5 + civil.day - 1 - kDaysBefore1970;
}

}  // namespace

std::optional<int64_t> ParseTimeLayout(std::string_view text, std::string_view layout,
                                       int32_t offset_seconds) {
  Civil civil;
  civil.offset_seconds = offset_seconds;
  if (!ReadLayout(text, layout, &civil) || (civil.has_unknown_zone && !civil.has_offset)) {
    return std::nullopt;
  }
  if (civil.is_twelve_hours) {
    civil.hour = civil.hour % 12 + (civil.is_afternoon ? 12 : 0);
  }
  if (!IsDate(civil)) {
    return std::nullopt;
  }
  const int64_t seconds = DaysOf(civil) * 86400 + civil.hour * 3600 + civil.minute * 60 +
                          civil.second - civil.offset_seconds;
  const std::optional<int64_t> time_ns = ToNanoseconds(seconds, Precision::kSecond);
  if (!time_ns || *time_ns > kTimeMax - civil.nanosecond) {
    return std::nullopt;
  }
  return *time_ns + civil.nanosecond;
}

}  // namespace fluxgate::influx
