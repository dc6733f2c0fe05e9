// Addresses to listen on, as Go writes them: `:9122`, `127.0.0.1:9122`, `[::1]:9122`, `host:9122`;
// and what may follow behind a `?`: `:9122?db=x&precision=ms`.
//
// Errors: nullopt when the port is missing, no number below 65,536, or an IPv6 address has no
// brackets; a status that says what is wrong with what follows.
// Thread: compatible (pure functions).
// Spec: Go net.SplitHostPort.
#pragma once

#include "bridge/listen/listen_options.h"

#include <absl/status/statusor.h>

#include <optional>
#include <string_view>

namespace fluxgate {

std::optional<ListenAddress> ParseAddress(std::string_view text);

// An address, or `unix:/path?mode=0660&owner=user&group=group`.
absl::StatusOr<ListenAddress> ParseStreamAddress(std::string_view text);

// An address with `db`, `rp`, `precision` and `preset` behind it, of the three kinds of listener
// for plain line protocol. UDP: `interface`, where a multicast group is joined, too; unix: a path,
// with `mode`, `owner` and `group` too.
absl::StatusOr<LineListenOptions> ParseLineListener(WriteProtocol protocol, std::string_view text);

}  // namespace fluxgate
