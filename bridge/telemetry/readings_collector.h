// Turns SelfReadings into metric families, afresh for each scrape of our own metrics.
//
// Thread: safe, as `read` is.
#pragma once

#include "bridge/telemetry/self_readings.h"

#include <prometheus/collectable.h>

#include <functional>
#include <utility>
#include <vector>

namespace fluxgate {

class ReadingsCollector final : public prometheus::Collectable {
 public:
  explicit ReadingsCollector(std::function<SelfReadings()> read) : read_(std::move(read)) {}

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const std::function<SelfReadings()> read_;
};

}  // namespace fluxgate
