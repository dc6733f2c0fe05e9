// How fast lines are read. An item is a field; the argument is whether tags are left unread, as in
// ingest.
#include "protocol/influx/line_reader.h"

#include "tests/bench/fleet.h"

#include <benchmark/benchmark.h>

#include <string>

namespace fluxgate::bench {
namespace {

constexpr uint32_t kLines = 1000;
constexpr int64_t kTimeNs = 1'700'000'000'000'000'000;

void Read(benchmark::State& state, const std::string& lines) {
  influx::ReaderOptions options;
  options.default_time_ns = kTimeNs;
  options.defer_tags = state.range(0) != 0;
  influx::LineReader reader(options);
  size_t fields = 0;
  for ([[maybe_unused]] auto iteration : state) {
    reader.SetInput(lines, true);
    for (;;) {
      const influx::LineReader::Result result = reader.Next();
      if (result == influx::LineReader::Result::kError) {
        state.SkipWithError("a bad line");
        return;
      }
      if (result != influx::LineReader::Result::kPoint) {
        break;
      }
      benchmark::DoNotOptimize(reader.point());
      fields += reader.point().fields.size();
    }
  }
  state.SetItemsProcessed(static_cast<int64_t>(fields));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(lines.size()));
}

void ReadTsbs(benchmark::State& state) {
  Read(state, LinesOf(FleetOf(LineKind::kTsbsIntegers), kLines, kTimeNs));
}
void ReadTelegraf(benchmark::State& state) {
  Read(state, LinesOf(FleetOf(LineKind::kTelegraf), kLines, kTimeNs));
}

BENCHMARK(ReadTsbs)->Arg(1)->Arg(0);
BENCHMARK(ReadTelegraf)->Arg(1)->Arg(0);

}  // namespace
}  // namespace fluxgate::bench
