// The bridge as users of influxdb_exporter see it, without sockets: writes, datagrams, scrapes.
//
// Thread: compatible.
#pragma once

#include "bridge/base/clock.h"
#include "bridge/cache/series_cache.h"
#include "bridge/expose/exposer.h"
#include "bridge/ingest/ingest.h"
#include "bridge/ingest/write_request.h"
#include "bridge/mapping/mapping.h"

#include <string>
#include <string_view>
#include <vector>

namespace fluxgate {

struct ExporterOptions {
  CacheOptions cache;
  IngestOptions ingest;
  ExposeOptions expose;
};

class Exporter {
 public:
  explicit Exporter(const ExporterOptions& options = {});

  // `target` is a path with its query, `/write?precision=s`.
  Reply Post(std::string_view target, std::string_view body,
             std::string_view content_encoding = "");

  void SendDatagram(std::string_view bytes);

  // The body of /metrics.
  std::string Scrape(std::string_view accept = "", std::string_view accept_encoding = "");

  // Its sample lines without our three own ones, sorted.
  std::vector<std::string> Samples();

  ManualClock& clock() { return clock_; }
  SeriesCache& cache() { return cache_; }
  WriteCounters::Snapshot counters() { return ingest_.counters().Read(); }

 private:
  ManualClock clock_;
  SeriesCache cache_;
  const Mapping mapping_;
  Ingest ingest_;
  const Exposer exposer_;
};

// All chunks of a scrape.
std::string ReadAll(Scrape* scrape);

}  // namespace fluxgate
