// Names that Prometheus takes everywhere: metric names [a-zA-Z_:][a-zA-Z0-9_:]*, label names
// [a-zA-Z_][a-zA-Z0-9_]*.
//
// Encodings: input is meant to be UTF-8; a byte that is not part of a valid sequence counts as one
// character.
// Errors: none; every input has a sanitised form, "" has "".
// Thread: compatible (pure functions).
// Spec: prometheus.io data model; influxdb_exporter ReplaceInvalidChars, one `_` per character
// instead of per byte.
#pragma once

#include <string>
#include <string_view>

namespace fluxgate::prom {

// Appends `text` with each character outside [A-Za-z0-9_] turned into `_`. When `out` was empty and
// `text` begins with a digit, a `_` goes in front.
void AppendSanitized(std::string_view text, std::string* out);

bool IsMetricName(std::string_view name);
bool IsLabelName(std::string_view name);

}  // namespace fluxgate::prom
