// Feeds write requests the way a connection does, in pieces of the test's choosing.
//
// Thread: compatible.
#pragma once

#include "bridge/base/clock.h"
#include "bridge/cache/series_cache.h"
#include "bridge/ingest/ingest.h"
#include "bridge/ingest/write_request.h"
#include "bridge/mapping/mapping.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace fluxgate {

// A write side with a cache of its own.
struct WriteSide {
  explicit WriteSide(const IngestOptions& options = {}, const CacheOptions& cache_options = {});

  std::string Scrape();

  ManualClock clock;
  SeriesCache cache;
  Mapping mapping{{}};
  Ingest ingest;
};

struct Feed {
  WriteProtocol protocol = WriteProtocol::kHttpV1;
  ContentCodings coding{};
  bool announce = true;
  bool accept_partial = true;
  std::string_view group{};
  // The size of the n-th piece; it may be cut further by what the request has room for.
  std::function<size_t(size_t)> piece_size = [](size_t) { return SIZE_MAX; };
};

// The reply to `body`; database `db`, nanosecond times, peer 192.0.2.1:4711.
Reply Post(WriteSide* side, std::string_view body, const Feed& feed = {});

}  // namespace fluxgate
