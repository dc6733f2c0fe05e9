// A metric family as the encoders take it.
//
// Encodings: names are valid metric names, help and unit any UTF-8; `labels` is rendered
// (label_set.h); times are milliseconds since the epoch.
// Lifetime: FamilyHeader views its owner's strings; MetricFamily owns its own.
// Thread: compatible.
// Spec: Prometheus text format 0.0.4; OpenMetrics 1.0.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate::prom {

enum class MetricType : uint8_t { kUnknown, kGauge, kCounter, kHistogram, kSummary };

struct FamilyHeader {
  std::string_view name;  // as the text format has it: a counter's ends in _total
  MetricType type = MetricType::kUnknown;
  std::string_view help;
  std::string_view unit;  // empty: none
};

// A family with its samples, for the few that are built at once (our own metrics).
struct MetricFamily {
  struct Sample {
    std::string suffix;  // behind the family's name: "_bucket", "_sum", "_count" or empty
    std::string labels;
    double value = 0;
  };
  std::string name;
  MetricType type = MetricType::kUnknown;
  std::string help;
  std::vector<Sample> samples;

  FamilyHeader header() const { return {name, type, help, {}}; }
};

}  // namespace fluxgate::prom
