#include "bridge/telemetry/registry_view.h"

#include "protocol/prometheus/exposition_format.h"

#include <gtest/gtest.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/summary.h>

#include <string>
#include <vector>

namespace fluxgate {
namespace {

std::string Print(const std::vector<prom::MetricFamily>& families) {
  std::string text;
  for (const prom::MetricFamily& family : families) {
    prom::AppendFamily(prom::ExpositionFormat::kText, family, &text);
  }
  return text;
}

TEST(RegistryView, SortsFamiliesAndLabels) {
  prometheus::Registry registry;
  prometheus::BuildGauge()
      .Name("b")
      .Help("B.")
      .Register(registry)
      .Add({{"z", "1"}, {"a", "2"}})
      .Set(3);
  prometheus::BuildCounter().Name("a_total").Help("A.").Register(registry).Add({}).Increment(2);
  EXPECT_EQ(Print(ViewFamilies(registry.Collect())),
            "# HELP a_total A.\n# TYPE a_total counter\na_total 2\n"
            "# HELP b B.\n# TYPE b gauge\nb{a=\"2\",z=\"1\"} 3\n");
}

// What prometheus-cpp's own serializer gets wrong.
TEST(RegistryView, KeepsHelpLabelsAndValuesExact) {
  prometheus::Registry registry;
  auto& family = prometheus::BuildGauge().Name("g").Help("one\ntwo\\").Register(registry);
  family.Add({{"l", "\"\n\\"}}).Set(0.1 + 0.2);
  family.Add({{"l", "caf\xE9"}}).Set(1);
  const std::string text = Print(ViewFamilies(registry.Collect()));
  EXPECT_NE(text.find("# HELP g one\\ntwo\\\\\n"), std::string::npos) << text;
  EXPECT_NE(text.find("g{l=\"\\\"\\n\\\\\"} 0.30000000000000004\n"), std::string::npos) << text;
  EXPECT_NE(text.find("g{l=\"caf\xC3\xA9\"} 1\n"), std::string::npos) << text;
}

TEST(RegistryView, ShowsHistograms) {
  prometheus::Registry registry;
  auto& histogram = prometheus::BuildHistogram().Name("h").Help("H.").Register(registry).Add(
      {{"p", "x"}, {"z", "y"}}, prometheus::Histogram::BucketBoundaries{0.5, 1, 1e6});
  for (const double value : {0.25, 0.75, 5e6}) {
    histogram.Observe(value);
  }
  EXPECT_EQ(Print(ViewFamilies(registry.Collect())),
            "# HELP h H.\n# TYPE h histogram\n"
            "h_bucket{le=\"0.5\",p=\"x\",z=\"y\"} 1\n"
            "h_bucket{le=\"1.0\",p=\"x\",z=\"y\"} 2\n"
            "h_bucket{le=\"1e+06\",p=\"x\",z=\"y\"} 2\n"
            "h_bucket{le=\"+Inf\",p=\"x\",z=\"y\"} 3\n"
            "h_sum{p=\"x\",z=\"y\"} 5.000001e+06\n"
            "h_count{p=\"x\",z=\"y\"} 3\n");
}

TEST(RegistryView, ShowsSummaries) {
  prometheus::MetricFamily family{"s", "S.", prometheus::MetricType::Summary, {}};
  prometheus::ClientMetric metric;
  metric.summary.quantile = {{0.5, 7}, {1, 9}};
  metric.summary.sample_sum = 16;
  metric.summary.sample_count = 2;
  family.metric.push_back(metric);
  EXPECT_EQ(Print(ViewFamilies({family})),
            "# HELP s S.\n# TYPE s summary\n"
            "s{quantile=\"0.5\"} 7\ns{quantile=\"1.0\"} 9\ns_sum 16\ns_count 2\n");
}

TEST(RegistryView, JoinsFamiliesOfOneNameAndLeavesOutEmptyOnes) {
  prometheus::ClientMetric metric;
  metric.untyped.value = 1;
  metric.label = {{"n", "1"}};
  prometheus::MetricFamily first{"u", "U.", prometheus::MetricType::Untyped, {metric}};
  metric.label = {{"n", "2"}};
  const prometheus::MetricFamily second{"u", "other", prometheus::MetricType::Untyped, {metric}};
  const prometheus::MetricFamily empty{"a", "A.", prometheus::MetricType::Gauge, {}};
  EXPECT_EQ(Print(ViewFamilies({first, empty, second})),
            "# HELP u U.\n# TYPE u untyped\nu{n=\"1\"} 1\nu{n=\"2\"} 1\n");
}

}  // namespace
}  // namespace fluxgate
