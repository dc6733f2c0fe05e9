// fluxgate's own metrics: a prometheus-cpp registry, what the stages have counted, and the process.
//
// Thread: safe.
#pragma once

#include "protocol/prometheus/metric_family.h"

#include "bridge/telemetry/build.h"
#include "bridge/telemetry/self_readings.h"

#include <functional>
#include <memory>
#include <vector>

namespace fluxgate {

class SelfMetrics {
 public:
  // `read` is called for each Collect(), from its thread.
  SelfMetrics(const Build& build, std::function<SelfReadings()> read);
  ~SelfMetrics();
  SelfMetrics(const SelfMetrics&) = delete;
  SelfMetrics& operator=(const SelfMetrics&) = delete;

  // A scrape of the bridged metrics has ended; `size` in bytes as sent.
  void ObserveScrape(double duration_seconds, double size);

  // All families, sorted by name.
  std::vector<prom::MetricFamily> Collect() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fluxgate
