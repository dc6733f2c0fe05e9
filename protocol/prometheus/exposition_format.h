// Writes metric families in one of the exposition formats.
//
// One FamilyEncoder writes one family: its header once, then its samples, all in the order called.
// The formats differ in numbers, times, type names and in how a counter's family is named; callers
// need not know how.
// Lifetime: a FamilyEncoder views the header's strings, which must outlive it.
// Errors: none; names, labels and help must be as metric_family.h says.
// Bounds: output grows by the size of what is appended; no allocation but that of `out`.
// Thread: compatible.
// Spec: Prometheus text format 0.0.4 (same body for version 1.0.0); OpenMetrics 1.0.0 (same body
// for 0.0.1).
#pragma once

#include "protocol/prometheus/metric_family.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fluxgate::prom {

enum class ExpositionFormat : uint8_t { kText, kOpenMetrics };

class FamilyEncoder {
 public:
  FamilyEncoder(ExpositionFormat format, const FamilyHeader& header);

  // The TYPE, HELP and UNIT lines. A unit that the name does not end in is left out, as OpenMetrics
  // demands.
  void AppendHeader(std::string* out) const;

  // `suffix` is "" but for histograms and summaries; `labels` is rendered, possibly empty.
  void AppendSample(std::string_view suffix, std::string_view labels, double value,
                    std::optional<int64_t> time_ms, std::string* out) const;

 private:
  ExpositionFormat format_;
  FamilyHeader header_;
  MetricType type_;               // a counter without _total is unknown to OpenMetrics
  std::string_view family_name_;  // the name in the header lines: OpenMetrics leaves _total out
};

// A whole family: header and samples.
void AppendFamily(ExpositionFormat format, const MetricFamily& family, std::string* out);

// What ends an exposition: `# EOF` in OpenMetrics, nothing in the text format.
void AppendEnd(ExpositionFormat format, std::string* out);

}  // namespace fluxgate::prom
