// Lengths of time as Prometheus and Go write them: `5m`, `1h30m`, `1d`, `1.5h`, `500ms`, `0`.
//
// Units: ns us µs ms s m h d w y (a day has 24 hours, a week 7 days, a year 365); parts are added
// up.
// Errors: nullopt for anything else, negative and more than 292 years included.
// Thread: compatible (pure function).
// Spec: Prometheus model.ParseDuration, Go time.ParseDuration.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace fluxgate::prom {

// In ns.
std::optional<int64_t> ParseDuration(std::string_view text);

}  // namespace fluxgate::prom
