// Reads a line without a field key, `swap,host=a 0.85 1656472338`, as if it said `value=0.85`.
//
// Lifetime: `field` has a static key.
// Errors: none; false means that this is no bare value, and that the line is as bad as it was.
// Thread: compatible (pure function).
// Spec: protocol rule A5 as described in ARCHITECTURE.md: the token is wholly a number, or one of
// the words true and false in InfluxDB's spellings (not one letter); a blank or the end follows.
#pragma once

#include "protocol/influx/point.h"

#include <cstddef>
#include <string_view>

namespace fluxgate::influx {

// `begin` as for ParseFieldSet. On success `*end` is the offset behind the token.
bool ParseBareValue(std::string_view text, size_t begin, size_t series_key_size, Field* field,
                    size_t* end);

}  // namespace fluxgate::influx
