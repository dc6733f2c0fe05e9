// The process_* metrics that every Prometheus client library has.
//
// Errors: what /proc does not tell is left out.
// Thread: safe.
// Spec: prometheus.io, writing client libraries, process metrics; proc(5).
#pragma once

#include <prometheus/collectable.h>

#include <vector>

namespace fluxgate {

class ProcessMetrics final : public prometheus::Collectable {
 public:
  std::vector<prometheus::MetricFamily> Collect() const override;
};

}  // namespace fluxgate
