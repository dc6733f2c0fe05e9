// How fast a body becomes cells: reader, mapping and cache together, without HTTP. An item is a
// field; the argument is the number of tag sets.
#include "tests/bench/ingest_under_load.h"

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

namespace fluxgate::bench {
namespace {

void WriteBatches(benchmark::State& state) {
  const auto hosts = static_cast<uint32_t>(state.range(0));
  const std::vector<std::string> bodies = BodiesOf(FleetOf(LineKind::kTsbsIntegers), hosts);
  IngestUnderLoad ingest;
  uint64_t samples = 0;
  int64_t bytes = 0;
  const auto write_all = [&] {
    for (const std::string& body : bodies) {
      samples += ingest.Write(body);
      bytes += static_cast<int64_t>(body.size());
    }
  };
  write_all();  // from here on all series are known
  if (ingest.cache()->series_count() != samples) {
    state.SkipWithError("series are missing");
  }
  samples = 0;
  bytes = 0;
  for ([[maybe_unused]] auto iteration : state) {
    write_all();
  }
  state.SetItemsProcessed(static_cast<int64_t>(samples));
  state.SetBytesProcessed(bytes);
}

BENCHMARK(WriteBatches)->Arg(1000)->Arg(10'000)->Arg(100'000);

}  // namespace
}  // namespace fluxgate::bench
