// Builds the stages of the pipeline from their options and wires them up. Holds no logic of its
// own.
//
// Lifetime: owns all stages; the io threads must be at rest when it ends.
// Errors: of Listen() only, one line.
// Thread: confined to the thread that made it; the stages are safe.
#pragma once

#include "bridge/admin/health.h"
#include "bridge/base/clock.h"
#include "bridge/cache/series_cache.h"
#include "bridge/config/options.h"
#include "bridge/expose/exposer.h"
#include "bridge/ingest/ingest.h"
#include "bridge/listen/http_server.h"
#include "bridge/listen/http_service.h"
#include "bridge/listen/task_group.h"
#include "bridge/listen/udp_listener.h"
#include "bridge/mapping/mapping.h"
#include "bridge/runtime/io_threads.h"
#include "bridge/runtime/memory_release.h"
#include "bridge/telemetry/build.h"
#include "bridge/telemetry/self_metrics.h"
#include "bridge/upload/report_rules.h"

#include <absl/status/status.h>

#include <deque>
#include <string>
#include <vector>

namespace fluxgate {

// The mapping that these options describe; our own family names are reserved.
Mapping MakeMapping(MappingOptions options);

class Stages {
 public:
  Stages(const Config& config, ReportRules report_rules);
  Stages(const Stages&) = delete;
  Stages& operator=(const Stages&) = delete;

  // Binds all addresses.
  absl::Status Listen();

  // Begins to serve.
  void Start();

  // Stops taking connections and datagrams and lets requests in flight finish; tasks() is empty
  // when they have.
  void Drain();

  // Ends what is left and the io threads with it.
  void Stop();

  // Removes some of what has expired.
  void Sweep();

  Health& health() { return health_; }
  TaskGroup& tasks() { return tasks_; }
  size_t connection_count() const { return http_.connection_count(); }
  std::vector<std::string> http_addresses() const { return http_.addresses(); }
  std::vector<std::string> udp_addresses() const;
  std::vector<std::string> line_addresses() const { return http_.line_addresses(); }

 private:
  const Build build_;
  const SystemClock clock_;
  const Mapping mapping_;
  const ReportRules report_rules_;
  SeriesCache cache_;
  MemoryRelease release_;
  Ingest ingest_;
  Health health_;
  SelfMetrics self_metrics_;
  const Exposer exposer_;
  const Exposer own_exposer_;
  HttpService service_;
  TaskGroup tasks_;
  IoThreads http_threads_;
  IoThreads scrape_thread_;  // so that scrapes and writers do not wait for each other's turns
  IoThreads udp_thread_;
  HttpServer http_;
  std::deque<UdpListener> udp_;
};

}  // namespace fluxgate
