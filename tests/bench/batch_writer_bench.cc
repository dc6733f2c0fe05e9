// How fast a body becomes cells: reader, mapping and cache together, without HTTP. An item is a
// field; the argument is the number of tag sets.
#include "bridge/ingest/batch_writer.h"
#include "bridge/ingest/ingest.h"

#include "tests/bench/tsbs_fleet.h"

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

namespace fluxgate::bench {
namespace {

constexpr uint32_t kLinesPerBody = 1000;
constexpr Now kNow{1'700'000'000'000'000'000, 1000};

std::vector<std::string> Bodies(uint32_t hosts) {
  std::vector<std::string> bodies;
  for (uint32_t host = 0; host < hosts; ++host) {
    if (host % kLinesPerBody == 0) {
      bodies.emplace_back();
    }
    AppendTsbsLine(host, 0, kNow.wall_ns, ValueKind::kInteger, &bodies.back());
  }
  return bodies;
}

void WriteBatches(benchmark::State& state) {
  const auto hosts = static_cast<uint32_t>(state.range(0));
  const std::vector<std::string> bodies = Bodies(hosts);
  SeriesCache cache{CacheOptions()};
  const Mapping mapping{MappingOptions()};
  Ingest ingest(IngestOptions(), &cache, &mapping);
  WriteParams params;
  params.database = "bench";
  uint64_t samples = 0;
  int64_t bytes = 0;
  const auto write_all = [&] {
    for (const std::string& body : bodies) {
      BatchWriter writer(&ingest, params, "127.0.0.1:1", kNow);
      writer.Write(body, true);
      samples += writer.result().totals.samples;
      bytes += static_cast<int64_t>(body.size());
    }
  };
  write_all();  // from here on all series are known
  samples = 0;
  bytes = 0;
  for ([[maybe_unused]] auto iteration : state) {
    write_all();
  }
  if (cache.series_count() != hosts * kTsbsFields.size()) {
    state.SkipWithError("series are missing");
  }
  state.SetItemsProcessed(static_cast<int64_t>(samples));
  state.SetBytesProcessed(bytes);
}

BENCHMARK(WriteBatches)->Arg(1000)->Arg(10'000)->Arg(100'000);

}  // namespace
}  // namespace fluxgate::bench
