// Label sets in their rendered form: `a="b",c="d"`, sorted by name, each name once, values escaped.
//
// The rendered form is what an exposition holds between its braces, in the text format and in
// OpenMetrics alike. It is canonical and injective: two label sets are equal if and only if their
// rendered forms are, so it serves as identity.
// Encodings: names are valid label names, values valid UTF-8, neither checked here. Escapes: `\\`,
// `\"`, `\n`.
// Lifetime: iteration yields views into the rendered text, or into `scratch` for a value with an
// escape.
// Thread: compatible.
// Spec: Prometheus text format 0.0.4; OpenMetrics 1.0.
#pragma once

#include <string>
#include <string_view>

namespace fluxgate::prom {

// Appends one label, with a comma in front when `rendered` is not empty. The caller appends in
// ascending name order.
void AppendLabel(std::string_view name, std::string_view value, std::string* rendered);

// Appends `text` with the escapes of a label value.
void AppendEscapedLabelValue(std::string_view text, std::string* out);

// Takes the first label off `rest`; false when none is left. `rest` must be rendered text.
bool TakeLabel(std::string_view* rest, std::string_view* name, std::string_view* value,
               std::string* scratch);

}  // namespace fluxgate::prom
