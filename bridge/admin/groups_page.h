// GET /groups: the snapshot groups with their size and times. DELETE /groups/NAME: ends one.
//
// Encodings: JSON; times are RFC 3339 with milliseconds, or null; names in paths are
// percent-encoded.
// Thread: safe.
#pragma once

#include "bridge/base/clock.h"
#include "bridge/cache/series_cache.h"
#include "bridge/ingest/reply.h"

#include <string_view>

namespace fluxgate {

Reply GroupsPage(SeriesCache* cache);

// 204 when the group's series are gone, 404 when there is no such group.
Reply DeleteGroup(std::string_view encoded_name, const Now& now, SeriesCache* cache);

}  // namespace fluxgate
