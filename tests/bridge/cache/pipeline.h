// The bridge without its sockets, for tests: lines go in, expositions come out.
//
// Times of lines are nanoseconds; the clock stands still until a test moves it.
// Thread: compatible; `cache` and `ingest` are safe.
#pragma once

#include "protocol/prometheus/exposition_format.h"

#include "bridge/base/clock.h"
#include "bridge/cache/cache_options.h"
#include "bridge/cache/family_cursor.h"
#include "bridge/cache/series_cache.h"
#include "bridge/ingest/batch_result.h"
#include "bridge/ingest/ingest.h"
#include "bridge/mapping/mapping.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fluxgate {

struct PipelineOptions {
  CacheOptions cache;
  MappingOptions mapping;
  IngestOptions ingest;
};

struct Pipeline {
  explicit Pipeline(const PipelineOptions& options = {});

  // One batch of nanosecond times, on /write. `group`: of which it is a part.
  BatchResult Write(std::string_view body, std::string_view database = "db",
                    std::string_view retention_policy = "", const GroupBody* group = nullptr);

  // What FamilyCursor gives, in pieces of about `piece_size` bytes.
  std::string Scrape(prom::ExpositionFormat format = prom::ExpositionFormat::kText,
                     size_t piece_size = size_t{64} << 10);

  // Goes once round the whole cache.
  void Sweep();

  ManualClock clock;
  SeriesCache cache;
  Mapping mapping;
  Ingest ingest;
};

// Reads a cursor to its end, in pieces of about `piece_size` bytes.
std::string ReadAll(FamilyCursor* cursor, size_t piece_size = size_t{64} << 10);

// The sample lines of an exposition, sorted.
std::vector<std::string> SampleLines(std::string_view exposition);

}  // namespace fluxgate
