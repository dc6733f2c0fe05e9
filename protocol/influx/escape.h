// Turns raw line-protocol tokens into their meaning.
//
// Lifetime: the result views `raw` itself when it holds no backslash, else `scratch`; valid until
// either changes.
// Errors: none; every token has a meaning. Nothing is checked to be UTF-8.
// Thread: compatible (pure functions).
// Spec: InfluxDB 1.x models/points.go: measurement names and field keys drop `\` before comma,
// quote, space and `=`; tag keys and values before comma, space and `=`; strings before quote and
// `\`. Every other backslash stays.
#pragma once

#include <string>
#include <string_view>

namespace fluxgate::influx {

std::string_view UnescapeMeasurement(std::string_view raw, std::string* scratch);
std::string_view UnescapeFieldKey(std::string_view raw, std::string* scratch);
std::string_view UnescapeTag(std::string_view raw, std::string* scratch);
std::string_view UnescapeString(std::string_view raw, std::string* scratch);

}  // namespace fluxgate::influx
