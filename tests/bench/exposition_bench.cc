// How fast values become text. An item is a sample.
#include "protocol/prometheus/exposition_format.h"
#include "protocol/prometheus/number_format.h"

#include "bridge/expose/exposer.h"

#include "tests/bench/ingest_under_load.h"
#include "tests/bench/tsbs_fleet.h"

#include <benchmark/benchmark.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace fluxgate::bench {
namespace {

constexpr uint32_t kValues = 4096;

std::vector<double> Values(ValueKind kind) {
  std::vector<double> values;
  for (uint32_t i = 0; i < kValues; ++i) {
    values.push_back(TsbsValue(i, 0, 0, kind));
  }
  return values;
}

void WriteNumbers(benchmark::State& state, char* (*write)(double, char*), ValueKind kind) {
  const std::vector<double> values = Values(kind);
  char text[prom::kNumberSizeMax];
  int64_t bytes = 0;
  for ([[maybe_unused]] auto iteration : state) {
    for (const double value : values) {
      bytes += write(value, text) - text;
      benchmark::DoNotOptimize(text);
    }
  }
  state.SetItemsProcessed(state.iterations() * kValues);
  state.SetBytesProcessed(bytes);
}

BENCHMARK_CAPTURE(WriteNumbers, text_integers, prom::WriteTextNumber, ValueKind::kInteger);
BENCHMARK_CAPTURE(WriteNumbers, text_doubles, prom::WriteTextNumber, ValueKind::kDouble);
BENCHMARK_CAPTURE(WriteNumbers, openmetrics_integers, prom::WriteOpenMetricsNumber,
                  ValueKind::kInteger);
BENCHMARK_CAPTURE(WriteNumbers, openmetrics_doubles, prom::WriteOpenMetricsNumber,
                  ValueKind::kDouble);

void EncodeFamily(benchmark::State& state, prom::ExpositionFormat format) {
  const std::vector<double> values = Values(ValueKind::kInteger);
  std::string labels;
  AppendTsbsLabels(1, &labels);
  const prom::FamilyEncoder encoder(
      format, {"cpu_usage_user", prom::MetricType::kUnknown, "InfluxDB Metric", {}});
  std::string text;
  int64_t bytes = 0;
  for ([[maybe_unused]] auto iteration : state) {
    text.clear();
    encoder.AppendHeader(&text);
    for (const double value : values) {
      encoder.AppendSample("", labels, value, std::nullopt, &text);
    }
    bytes += static_cast<int64_t>(text.size());
    benchmark::DoNotOptimize(text.data());
  }
  state.SetItemsProcessed(state.iterations() * kValues);
  state.SetBytesProcessed(bytes);
}

BENCHMARK_CAPTURE(EncodeFamily, text, prom::ExpositionFormat::kText);
BENCHMARK_CAPTURE(EncodeFamily, openmetrics, prom::ExpositionFormat::kOpenMetrics);

// Made once for all benchmarks that scrape it: a second one would lie elsewhere in memory, and that
// shows.
SeriesCache* FilledCache(uint32_t hosts, LineKind kind) {
  static std::map<std::pair<uint32_t, LineKind>, IngestUnderLoad> filled;
  const auto [found, is_new] = filled.try_emplace({hosts, kind});
  if (is_new) {
    found->second.Fill(FleetOf(kind), hosts);
  }
  return found->second.cache();
}

// The argument is the number of tag sets, of ten series each. Bytes are those on the wire.
void ScrapeAll(benchmark::State& state, LineKind kind, std::string_view accept,
               std::string_view accept_encoding) {
  const auto hosts = static_cast<uint32_t>(state.range(0));
  const Exposer exposer(ExposeOptions(), FilledCache(hosts, kind),
                        [](const Now&) { return std::vector<prom::MetricFamily>(); });
  std::string chunk;
  int64_t bytes = 0;
  for ([[maybe_unused]] auto iteration : state) {
    const std::unique_ptr<Scrape> scrape = exposer.Begin(accept, accept_encoding, kLoadNow);
    while (scrape->Next(&chunk)) {
      benchmark::DoNotOptimize(chunk.data());
    }
    bytes += static_cast<int64_t>(scrape->size());
  }
  state.SetItemsProcessed(state.iterations() * hosts * static_cast<int64_t>(kTsbsFields.size()));
  state.SetBytesProcessed(bytes);
}

constexpr std::string_view kOpenMetrics = "application/openmetrics-text;version=1.0.0";

BENCHMARK_CAPTURE(ScrapeAll, text, LineKind::kTsbsIntegers, "", "")->Arg(100)->Arg(10'000);
BENCHMARK_CAPTURE(ScrapeAll, text_doubles, LineKind::kTsbsDoubles, "", "")->Arg(100)->Arg(10'000);
BENCHMARK_CAPTURE(ScrapeAll, text_gzip, LineKind::kTsbsIntegers, "", "gzip")->Arg(100)->Arg(10'000);
BENCHMARK_CAPTURE(ScrapeAll, openmetrics, LineKind::kTsbsIntegers, kOpenMetrics, "")
    ->Arg(100)
    ->Arg(10'000);

}  // namespace
}  // namespace fluxgate::bench
