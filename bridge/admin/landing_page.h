// GET /: what fluxgate is, where to write, where to scrape.
//
// Encodings: HTML5 in UTF-8, one file without scripts or other assets; text from options is
// escaped.
// Thread: compatible (pure function).
#pragma once

#include "bridge/ingest/reply.h"

#include <string>

namespace fluxgate {

struct LandingPageOptions {
  std::string version = "unknown";                       // of fluxgate
  std::string route_prefix{};                            // --web.route-prefix
  std::string telemetry_path = "/metrics";               // --web.telemetry-path
  std::string own_telemetry_path = "/metrics/exporter";  // --web.exporter-telemetry-path
  std::string udp_address = ":9122";                     // --udp.bind-address; empty: no UDP
};

Reply LandingPage(const LandingPageOptions& options);

}  // namespace fluxgate
