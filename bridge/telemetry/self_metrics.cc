#include "bridge/telemetry/self_metrics.h"

#include "bridge/telemetry/process_metrics.h"
#include "bridge/telemetry/readings_collector.h"
#include "bridge/telemetry/registry_view.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace fluxgate {
namespace {

const prometheus::Histogram::BucketBoundaries kDurationBounds = {0.001, 0.005, 0.01, 0.05, 0.1,
                                                                 0.5,   1,     5,    10,   30};
const prometheus::Histogram::BucketBoundaries kSizeBounds = {1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};

}  // namespace

class SelfMetrics::Impl {
 public:
  Impl(const Build& build, std::function<SelfReadings()> read)
      : readings_(std::move(read)),
        scrapes_(prometheus::BuildCounter()
                     .Name("fluxgate_scrapes_total")
                     .Help("Scrapes of the bridged metrics.")
                     .Register(registry_)
                     .Add({})),
        durations_(prometheus::BuildHistogram()
                       .Name("fluxgate_scrape_duration_seconds")
                       .Help("How long scrapes took, the sending included.")
                       .Register(registry_)
                       .Add({}, kDurationBounds)),
        sizes_(prometheus::BuildHistogram()
                   .Name("fluxgate_scrape_size_bytes")
                   .Help("Size of scrapes as sent.")
                   .Register(registry_)
                   .Add({}, kSizeBounds)) {
    prometheus::BuildGauge()
        .Name("fluxgate_build_info")
        .Help("What was built; the value is 1.")
        .Register(registry_)
        .Add({{"version", build.version}, {"revision", build.revision}})
        .Set(1);
  }

  void ObserveScrape(double duration_seconds, double size) {
    scrapes_.Increment();
    durations_.Observe(duration_seconds);
    sizes_.Observe(size);
  }

  std::vector<prom::MetricFamily> Collect() const {
    std::vector<prometheus::MetricFamily> collected = registry_.Collect();
    std::ranges::move(readings_.Collect(), std::back_inserter(collected));
    std::ranges::move(process_.Collect(), std::back_inserter(collected));
    return ViewFamilies(collected);
  }

 private:
  prometheus::Registry registry_;
  const ReadingsCollector readings_;
  const ProcessMetrics process_;
  prometheus::Counter& scrapes_;
  prometheus::Histogram& durations_;
  prometheus::Histogram& sizes_;
};

SelfMetrics::SelfMetrics(const Build& build, std::function<SelfReadings()> read)
    : impl_(std::make_unique<Impl>(build, std::move(read))) {}
SelfMetrics::~SelfMetrics() = default;

void SelfMetrics::ObserveScrape(double duration_seconds, double size) {
  impl_->ObserveScrape(duration_seconds, size);
}

std::vector<prom::MetricFamily> SelfMetrics::Collect() const {
  return impl_->Collect();
}

}  // namespace fluxgate
