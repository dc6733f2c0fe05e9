// Times as text for people and JSON.
//
// Units: ns since the epoch.
// Format: RFC 3339 in UTC with milliseconds, such as 2023-11-14T22:13:20.000Z.
// Thread: compatible (pure function).
// Spec: RFC 3339.
#pragma once

#include <cstdint>
#include <string>

namespace fluxgate {

std::string FormatRfc3339(int64_t time_ns);

}  // namespace fluxgate
