// Which exposition format and content coding a scrape asks for.
//
// Input: header values as received, possibly empty; no input is an error, what is not understood is
// passed over. q values are clamped to [0, 1]; entries go by q, then as written. A wildcard stands
// for the default, text 0.0.4, where that has no entry of its own.
// Thread: compatible (pure functions).
// Spec: RFC 9110 12.5; Prometheus scrape headers of 2.5 to 3.x.
#pragma once

#include "protocol/prometheus/exposition_format.h"

#include <string_view>

namespace fluxgate::prom {

struct Negotiated {
  ExpositionFormat format = ExpositionFormat::kText;
  std::string_view content_type;  // static storage
};

Negotiated NegotiateFormat(std::string_view accept);

// Whether gzip is acceptable and not less wanted than identity. `*` counts; `gzip;q=0` does not.
bool AcceptsGzip(std::string_view accept_encoding);

}  // namespace fluxgate::prom
