// The text of a statement as InfluxDB repeats it in messages: keywords in capitals, names quoted
// where they must be, passwords left out.
//
// Encodings: any bytes.
// Thread: compatible (pure functions).
// Spec: InfluxQL 1.x, Statement.String().
#pragma once

#include <string>
#include <string_view>

namespace fluxgate::influx {

// `text` is one statement that ParseInfluxql has read.
std::string CanonicalText(std::string_view text);

// `text` between two `quote`s, with escapes.
std::string QuoteText(std::string_view text, char quote);

// `name`, in double quotes unless it can stand bare.
std::string QuoteIdentifier(std::string_view name);

}  // namespace fluxgate::influx
