// Addresses to listen on, as Go writes them: `:9122`, `127.0.0.1:9122`, `[::1]:9122`, `host:9122`.
//
// Errors: nullopt when the port is missing, no number below 65,536, or an IPv6 address has no
// brackets.
// Thread: compatible (pure function).
// Spec: Go net.SplitHostPort.
#pragma once

#include "bridge/listen/listen_options.h"

#include <optional>
#include <string_view>

namespace fluxgate {

std::optional<ListenAddress> ParseAddress(std::string_view text);

}  // namespace fluxgate
