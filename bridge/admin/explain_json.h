// What `fluxgate explain` prints for one line.
//
// Encodings: one JSON object ending in LF, members in the order that README.md shows.
// Thread: compatible (pure functions).
#pragma once

#include "protocol/influx/line_error.h"
#include "protocol/influx/point.h"

#include "bridge/mapping/mapping.h"

#include <string>

namespace fluxgate {

std::string ExplainPoint(const influx::Point& point, bool is_historic, const Mapping& mapping);

std::string ExplainError(const influx::LineError& error);

}  // namespace fluxgate
