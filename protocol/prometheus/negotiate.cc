#include "protocol/prometheus/negotiate.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <optional>

namespace fluxgate::prom {
namespace {

// How names that need quotes are to be written. Ours never need them, so each scheme is only
// echoed.
constexpr std::array<std::string_view, 4> kEscapings = {"underscores", "allow-utf-8", "dots",
                                                        "values"};
using ContentTypes = std::array<std::string_view, kEscapings.size()>;

constexpr std::string_view kText004 =
    "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";
constexpr ContentTypes kText004Types = {kText004, kText004, kText004, kText004};
constexpr ContentTypes kText100Types = {
    "text/plain; version=1.0.0; charset=utf-8; escaping=underscores",
    "text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8",
    "text/plain; version=1.0.0; charset=utf-8; escaping=dots",
    "text/plain; version=1.0.0; charset=utf-8; escaping=values"};
constexpr ContentTypes kOpenMetrics001Types = {
    "application/openmetrics-text; version=0.0.1; charset=utf-8; escaping=underscores",
    "application/openmetrics-text; version=0.0.1; charset=utf-8; escaping=allow-utf-8",
    "application/openmetrics-text; version=0.0.1; charset=utf-8; escaping=dots",
    "application/openmetrics-text; version=0.0.1; charset=utf-8; escaping=values"};
constexpr ContentTypes kOpenMetrics100Types = {
    "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores",
    "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8",
    "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=dots",
    "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=values"};

struct Offer {
  std::string_view media_type;
  std::string_view version;  // empty: none given
  bool is_wildcard;
  ExpositionFormat format;
  const ContentTypes* content_types;
};
constexpr Offer kOffers[] = {
    {"application/openmetrics-text", "1.0.0", false, ExpositionFormat::kOpenMetrics,
     &kOpenMetrics100Types},
    {"application/openmetrics-text", "0.0.1", false, ExpositionFormat::kOpenMetrics,
     &kOpenMetrics001Types},
    {"application/openmetrics-text", "", false, ExpositionFormat::kOpenMetrics,
     &kOpenMetrics001Types},
    {"text/plain", "0.0.4", false, ExpositionFormat::kText, &kText004Types},
    {"text/plain", "", false, ExpositionFormat::kText, &kText004Types},
    {"text/plain", "1.0.0", false, ExpositionFormat::kText, &kText100Types},
    {"text/*", "", true, ExpositionFormat::kText, &kText004Types},
    {"*/*", "", true, ExpositionFormat::kText, &kText004Types},
};

// One entry of an Accept or Accept-Encoding header.
struct AcceptEntry {
  std::string_view range;  // a media range or a content coding
  std::string_view version;
  std::string_view escaping;
  double quality = 1;
};

char ToLower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, ToLower, ToLower);
}

std::string_view Trim(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Takes what stands before the next separator off `rest`, without the blanks around it.
std::string_view TakePart(std::string_view* rest, char separator) {
  const size_t size = std::min(rest->find(separator), rest->size());
  const std::string_view part = Trim(rest->substr(0, size));
  rest->remove_prefix(std::min(size + 1, rest->size()));
  return part;
}

std::string_view Unquote(std::string_view value) {
  const bool quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
  return quoted ? value.substr(1, value.size() - 2) : value;
}

// An unreadable quality is passed over, which leaves 1.
double ParseQuality(std::string_view text) {
  double quality = 1;
  const char* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, quality, std::chars_format::fixed);
  if (result.ec != std::errc() || result.ptr != end || std::isnan(quality)) {
    return 1;
  }
  return std::clamp(quality, 0.0, 1.0);
}

AcceptEntry ParseEntry(std::string_view text) {
  AcceptEntry entry;
  entry.range = TakePart(&text, ';');
  while (!text.empty()) {
    std::string_view parameter = TakePart(&text, ';');
    const std::string_view name = TakePart(&parameter, '=');
    const std::string_view value = Unquote(Trim(parameter));
    if (EqualsIgnoreCase(name, "q")) {
      entry.quality = ParseQuality(value);
    } else if (EqualsIgnoreCase(name, "version")) {
      entry.version = value;
    } else if (EqualsIgnoreCase(name, "escaping")) {
      entry.escaping = value;
    }
  }
  return entry;
}

// nullptr when the entry is not wanted, or asks for what we do not serve.
const Offer* FindOffer(const AcceptEntry& entry) {
  if (entry.quality <= 0) {
    return nullptr;
  }
  const auto* const offer = std::ranges::find_if(kOffers, [&entry](const Offer& candidate) {
    return EqualsIgnoreCase(candidate.media_type, entry.range) &&
           candidate.version == entry.version;
  });
  return offer == std::end(kOffers) ? nullptr : offer;
}

size_t EscapingIndex(std::string_view escaping) {
  const auto* const found = std::ranges::find_if(
      kEscapings, [escaping](std::string_view known) { return EqualsIgnoreCase(known, escaping); });
  return found == kEscapings.end() ? 0 : static_cast<size_t>(found - kEscapings.begin());
}

}  // namespace

Negotiated NegotiateFormat(std::string_view accept) {
  const Offer* best = nullptr;
  AcceptEntry best_entry;
  double wildcard_quality = 0;
  bool names_text = false;
  while (!accept.empty()) {
    const AcceptEntry entry = ParseEntry(TakePart(&accept, ','));
    const Offer* const offer = FindOffer(entry);
    if (offer == nullptr) {
      continue;
    }
    if (offer->is_wildcard) {
      wildcard_quality = std::max(wildcard_quality, entry.quality);
      continue;
    }
    names_text = names_text || offer->content_types == &kText004Types;
    if (best == nullptr || entry.quality > best_entry.quality) {
      best = offer;
      best_entry = entry;
    }
  }
  // A wildcard speaks for what has no entry of its own, so the `*/*;q=2` of Prometheus 2.49.0 does
  // no harm.
  const bool prefers_default = !names_text && wildcard_quality > best_entry.quality;
  if (best == nullptr || prefers_default) {
    return {ExpositionFormat::kText, kText004};
  }
  return {best->format, (*best->content_types)[EscapingIndex(best_entry.escaping)]};
}

bool AcceptsGzip(std::string_view accept_encoding) {
  std::optional<double> gzip;
  double identity = 0;
  double wildcard = 0;
  while (!accept_encoding.empty()) {
    const AcceptEntry entry = ParseEntry(TakePart(&accept_encoding, ','));
    // RFC 9110 8.4.1.3: x-gzip is gzip.
    if (EqualsIgnoreCase(entry.range, "gzip") || EqualsIgnoreCase(entry.range, "x-gzip")) {
      gzip = entry.quality;
    } else if (EqualsIgnoreCase(entry.range, "identity")) {
      identity = entry.quality;
    } else if (entry.range == "*") {
      wildcard = entry.quality;
    }
  }
  const double quality = gzip.value_or(wildcard);
  return quality > 0 && quality >= identity;
}

}  // namespace fluxgate::prom
