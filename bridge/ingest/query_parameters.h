// Reads the parameter `params` of a /query request: a JSON object of what `$name` stands for.
//
// Errors: returns what is wrong, as InfluxDB tells it where that does not depend on its JSON
// library; empty: nothing. A value that no literal can stand for is an error only where it is used.
// Thread: compatible (pure function).
// Spec: InfluxDB 1.x /query.
#pragma once

#include "protocol/influx/influxql_parameters.h"

#include <string>
#include <string_view>

namespace fluxgate {

std::string ReadQueryParameters(std::string_view json, influx::BoundParameters* parameters);

}  // namespace fluxgate
