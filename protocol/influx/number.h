// Field values that are not strings.
//
// Errors: a LineErrorCode; nullopt means `field` holds the value.
// Thread: compatible (pure functions).
// Spec: InfluxDB 1.x scanNumber and scanBoolean: no `+`, hex, `_`, NaN or infinity; a float that
// overflows is an error, one that underflows is 0; integers end in `i`, unsigned integers in `u`.
#pragma once

#include "protocol/influx/line_error.h"
#include "protocol/influx/point.h"

#include <optional>
#include <string_view>

namespace fluxgate::influx {

// `token` is everything up to the `,`, space or end that ends the value; not empty.
std::optional<LineErrorCode> ParseNumber(std::string_view token, Field* field);
std::optional<LineErrorCode> ParseBoolean(std::string_view token, Field* field);

// A number or a boolean, whichever the first byte of `token` announces.
std::optional<LineErrorCode> ParseNumberOrBoolean(std::string_view token, Field* field);

}  // namespace fluxgate::influx
