#include "tests/bridge/ingest/write_feeder.h"

#include "bridge/cache/family_cursor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

namespace fluxgate {

WriteSide::WriteSide(const IngestOptions& options, const CacheOptions& cache_options)
    : cache(cache_options), ingest(options, &cache, &mapping) {}

std::string WriteSide::Scrape() {
  FamilyCursor cursor(&cache, prom::ExpositionFormat::kText, false, clock.Read());
  std::string text;
  while (cursor.NextFamily()) {
    while (cursor.Append(text.size() + 65536, &text)) {
    }
  }
  return text;
}

Reply Post(WriteSide* side, std::string_view body, const Feed& feed) {
  WriteParams params;
  params.protocol = feed.protocol;
  params.database = "db";
  params.accept_partial = feed.accept_partial;
  params.group = feed.group;
  params.is_current = !feed.group.empty();
  params.precision = influx::Precision::kNanosecond;
  WriteRequest request(&side->ingest, params, feed.coding, "192.0.2.1:4711", side->clock.Read());
  if (feed.announce) {
    if (std::optional<Reply> reply = request.Announce(body.size())) {
      return *std::move(reply);
    }
  }
  for (size_t piece = 0; !body.empty(); ++piece) {
    size_t left = std::min(feed.piece_size(piece), body.size());
    while (left > 0) {
      const std::span<char> free = request.Prepare();
      EXPECT_FALSE(free.empty());
      const size_t size = std::min(free.size(), left);
      std::memcpy(free.data(), body.data(), size);
      body.remove_prefix(size);
      left -= size;
      std::optional<Reply> reply = request.Commit(size);
      while (!reply && request.has_more()) {
        reply = request.Continue();
      }
      if (reply) {
        return *std::move(reply);
      }
    }
  }
  return request.Finish();
}

}  // namespace fluxgate
