// The write side of the bridge: what all write requests share.
//
// Owns the counters and the rejection log; uses the cache and the mapping of its maker, which
// outlive it.
// Bounds: one warning a database and hour about historic points, for at most as many databases as
// the counters tell apart.
// Thread: safe.
#pragma once

#include "bridge/base/clock.h"
#include "bridge/base/mutex.h"
#include "bridge/base/string_hash.h"
#include "bridge/cache/series_cache.h"
#include "bridge/ingest/batch_result.h"
#include "bridge/ingest/ingest_options.h"
#include "bridge/ingest/query_catalog.h"
#include "bridge/ingest/rejection_log.h"
#include "bridge/ingest/request_memory.h"
#include "bridge/ingest/write_counters.h"
#include "bridge/ingest/write_params.h"
#include "bridge/mapping/mapping.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fluxgate {

class Ingest {
 public:
  Ingest(const IngestOptions& options, SeriesCache* cache, const Mapping* mapping);

  // One datagram, which is one whole batch; good lines are kept whatever the others are.
  void TakeDatagram(std::string_view bytes, const WriteParams& params, std::string_view peer,
                    const Now& now);

  // Adds what one batch brought to the counters. `result.totals.requests` says whether it counts as
  // a request.
  void Account(const WriteParams& params, const BatchResult& result, const Now& now);

  const IngestOptions& options() const { return options_; }
  SeriesCache* cache() { return cache_; }
  const Mapping& mapping() const { return *mapping_; }
  RejectionLog& rejections() { return rejections_; }
  RequestMemory& request_memory() { return request_memory_; }
  WriteCounters& counters() { return counters_; }
  QueryCatalog& query_catalog() { return query_catalog_; }

 private:
  void WarnOfHistoricPoints(std::string_view database, uint64_t points, const Now& now);

  const IngestOptions options_;
  SeriesCache* const cache_;
  const Mapping* const mapping_;
  RequestMemory request_memory_;
  RejectionLog rejections_;
  WriteCounters counters_;
  QueryCatalog query_catalog_;
  Mutex mutex_;
  StringMap<Tick> warned_
      ABSL_GUARDED_BY(mutex_);  // by database: when historic points were last warned about
};

}  // namespace fluxgate
