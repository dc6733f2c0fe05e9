#include "bridge/telemetry/registry_view.h"

#include "protocol/prometheus/label_set.h"
#include "protocol/prometheus/number_format.h"
#include "protocol/prometheus/utf8.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace fluxgate {
namespace {

using Labels = std::vector<prometheus::ClientMetric::Label>;
using Samples = std::vector<prom::MetricFamily::Sample>;

prom::MetricType TypeOf(prometheus::MetricType type) {
  switch (type) {
    case prometheus::MetricType::Counter:
      return prom::MetricType::kCounter;
    case prometheus::MetricType::Gauge:
      return prom::MetricType::kGauge;
    case prometheus::MetricType::Histogram:
      return prom::MetricType::kHistogram;
    case prometheus::MetricType::Summary:
      return prom::MetricType::kSummary;
    default:
      return prom::MetricType::kUnknown;
  }
}

std::string Render(Labels labels) {
  std::ranges::sort(labels, {}, &prometheus::ClientMetric::Label::name);
  std::string rendered;
  for (const auto& label : labels) {
    std::string value;
    prom::AppendAsUtf8(label.value, &value);
    prom::AppendLabel(label.name, value, &rendered);
  }
  return rendered;
}

// With a label whose value is a number: `le` or `quantile`. OpenMetrics wants `1.0` there, the text
// format takes it.
std::string RenderWith(Labels labels, std::string_view name, double number) {
  std::string text;
  prom::AppendOpenMetricsNumber(number, &text);
  labels.push_back({std::string(name), text});
  return Render(std::move(labels));
}

void AppendHistogram(const prometheus::ClientMetric& metric, Samples* samples) {
  for (const auto& bucket : metric.histogram.bucket) {
    samples->push_back({"_bucket", RenderWith(metric.label, "le", bucket.upper_bound),
                        static_cast<double>(bucket.cumulative_count)});
  }
  const std::string labels = Render(metric.label);
  samples->push_back({"_sum", labels, metric.histogram.sample_sum});
  samples->push_back({"_count", labels, static_cast<double>(metric.histogram.sample_count)});
}

void AppendSummary(const prometheus::ClientMetric& metric, Samples* samples) {
  for (const auto& quantile : metric.summary.quantile) {
    samples->push_back(
        {"", RenderWith(metric.label, "quantile", quantile.quantile), quantile.value});
  }
  const std::string labels = Render(metric.label);
  samples->push_back({"_sum", labels, metric.summary.sample_sum});
  samples->push_back({"_count", labels, static_cast<double>(metric.summary.sample_count)});
}

void AppendMetric(prom::MetricType type, const prometheus::ClientMetric& metric, Samples* samples) {
  switch (type) {
    case prom::MetricType::kCounter:
      samples->push_back({"", Render(metric.label), metric.counter.value});
      return;
    case prom::MetricType::kGauge:
      samples->push_back({"", Render(metric.label), metric.gauge.value});
      return;
    case prom::MetricType::kHistogram:
      return AppendHistogram(metric, samples);
    case prom::MetricType::kSummary:
      return AppendSummary(metric, samples);
    case prom::MetricType::kUnknown:
      samples->push_back({"", Render(metric.label), metric.untyped.value});
      return;
  }
}

}  // namespace

std::vector<prom::MetricFamily> ViewFamilies(
    const std::vector<prometheus::MetricFamily>& collected) {
  std::map<std::string_view, prom::MetricFamily> by_name;
  for (const prometheus::MetricFamily& family : collected) {
    if (family.metric.empty()) {
      continue;
    }
    prom::MetricFamily& view = by_name[family.name];
    if (view.name.empty()) {
      view = {family.name, TypeOf(family.type), family.help, {}};
    }
    for (const prometheus::ClientMetric& metric : family.metric) {
      AppendMetric(view.type, metric, &view.samples);
    }
  }
  std::vector<prom::MetricFamily> families;
  for (auto& [name, family] : by_name) {
    families.push_back(std::move(family));
  }
  return families;
}

}  // namespace fluxgate
