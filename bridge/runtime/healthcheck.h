// `fluxgate healthcheck`: asks a running bridge whether it is ready; for containers without a
// shell.
//
// Errors: one line, for a URL that is none, a connection that fails, or any answer but 200.
// Bounds: five seconds.
// Thread: compatible.
// Spec: plain http, or `unix:/path/of/socket?/path`; HTTP/1.0, which needs no decoding.
#pragma once

#include <absl/status/status.h>

#include <string_view>

namespace fluxgate {

absl::Status CheckHealth(std::string_view url);

}  // namespace fluxgate
