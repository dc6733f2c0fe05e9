// fixed_work SUBJECT HOSTS: does a fixed piece of work once, for valgrind to count its
// instructions, and prints of how many units it was.
//
// Run it with `valgrind --tool=callgrind --instr-atstart=no`: only the work itself is counted, not
// what prepares it. No clock, no thread, no chance: the count follows from the program alone.
// Exit: 0, 2 for bad usage.
#include "protocol/influx/line_reader.h"
#include "protocol/prometheus/number_format.h"

#include "bridge/expose/exposer.h"

#include "tests/bench/ingest_under_load.h"
#include "tests/bench/tsbs_fleet.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <valgrind/callgrind.h>

namespace fluxgate::bench {
namespace {

// Counts while it lives.
class Counting {
 public:
  Counting() { CALLGRIND_START_INSTRUMENTATION; }
  ~Counting() { CALLGRIND_STOP_INSTRUMENTATION; }
  Counting(const Counting&) = delete;
  Counting& operator=(const Counting&) = delete;
};

constexpr uint32_t kBodiesWritten =
    10;  // so that the work is the same however many hosts there are

uint64_t Read(LineKind kind, uint32_t hosts) {
  const std::string lines = LinesOf(FleetOf(kind), hosts, kLoadNow.wall_ns);
  influx::ReaderOptions options;
  options.default_time_ns = kLoadNow.wall_ns;
  options.defer_tags = true;
  influx::LineReader reader(options);
  uint64_t fields = 0;
  const Counting counting;
  reader.SetInput(lines, true);
  while (reader.Next() == influx::LineReader::Result::kPoint) {
    fields += reader.point().fields.size();
  }
  return fields;
}

// Samples of known series: of the first hosts when there are many.
uint64_t Write(LineKind kind, uint32_t hosts) {
  const Fleet& fleet = FleetOf(kind);
  IngestUnderLoad ingest;
  ingest.Fill(fleet, hosts);
  const std::vector<std::string> bodies =
      BodiesOf(fleet, std::min(hosts, kBodiesWritten * kLinesPerBody));
  uint64_t samples = 0;
  const Counting counting;
  for (const std::string& body : bodies) {
    samples += ingest.Write(body);
  }
  return samples;
}

// Samples of series that were new in a body which held each of them many times, as after an outage.
uint64_t WriteRepeated(uint32_t hosts) {
  const Fleet& fleet = FleetOf(LineKind::kTsbsIntegers);
  std::string body;
  for (uint32_t line = 0; line < kLinesPerBody; ++line) {
    fleet.AppendLine(line % hosts, 0, kLoadNow.wall_ns, &body);
  }
  IngestUnderLoad ingest;
  ingest.Write(body);
  const Counting counting;
  return ingest.Write(body);
}

uint64_t Create(uint32_t hosts) {
  const std::vector<std::string> bodies = BodiesOf(FleetOf(LineKind::kTsbsIntegers), hosts);
  IngestUnderLoad ingest;
  uint64_t samples = 0;
  const Counting counting;
  for (const std::string& body : bodies) {
    samples += ingest.Write(body);
  }
  return samples;
}

uint64_t Expose(LineKind kind, uint32_t hosts, std::string_view accept,
                std::string_view accept_encoding) {
  IngestUnderLoad ingest;
  ingest.Fill(FleetOf(kind), hosts);
  const Exposer exposer(ExposeOptions(), ingest.cache(),
                        [](const Now&) { return std::vector<prom::MetricFamily>(); });
  std::string chunk;
  const Counting counting;
  const std::unique_ptr<Scrape> scrape = exposer.Begin(accept, accept_encoding, kLoadNow);
  while (scrape->Next(&chunk)) {
  }
  return ingest.cache()->series_count();
}

uint64_t FormatNumbers(ValueKind kind, uint32_t count) {
  std::vector<double> values;
  for (uint32_t i = 0; i < count; ++i) {
    values.push_back(TsbsValue(i, 0, 0, kind));
  }
  std::array<char, prom::kNumberSizeMax> text;
  const Counting counting;
  for (const double value : values) {
    prom::WriteTextNumber(value, text.data());
  }
  return count;
}

constexpr std::string_view kOpenMetrics = "application/openmetrics-text;version=1.0.0";

struct Subject {
  std::string_view name;
  std::string_view unit;
  uint64_t (*work)(uint32_t hosts);
};

constexpr Subject kSubjects[] = {
    {"read", "sample", [](uint32_t n) { return Read(LineKind::kTsbsIntegers, n); }},
    {"read_doubles", "sample", [](uint32_t n) { return Read(LineKind::kTsbsDoubles, n); }},
    {"read_telegraf", "field", [](uint32_t n) { return Read(LineKind::kTelegraf, n); }},
    {"write", "sample", [](uint32_t n) { return Write(LineKind::kTsbsIntegers, n); }},
    {"write_telegraf", "sample", [](uint32_t n) { return Write(LineKind::kTelegraf, n); }},
    {"write_repeated", "sample", WriteRepeated},
    {"create", "series", Create},
    {"text", "series", [](uint32_t n) { return Expose(LineKind::kTsbsIntegers, n, "", ""); }},
    {"text_doubles", "series",
     [](uint32_t n) { return Expose(LineKind::kTsbsDoubles, n, "", ""); }},
    {"text_gzip", "series",
     [](uint32_t n) { return Expose(LineKind::kTsbsIntegers, n, "", "gzip"); }},
    {"openmetrics", "series",
     [](uint32_t n) { return Expose(LineKind::kTsbsIntegers, n, kOpenMetrics, ""); }},
    {"format_integers", "number", [](uint32_t n) { return FormatNumbers(ValueKind::kInteger, n); }},
    {"format_doubles", "number", [](uint32_t n) { return FormatNumbers(ValueKind::kDouble, n); }},
};

int Run(int argc, char** argv) {
  uint32_t hosts = 0;
  const std::string_view name = argc == 3 ? argv[1] : "";
  const auto* const subject = std::find_if(std::begin(kSubjects), std::end(kSubjects),
                                           [name](const Subject& s) { return s.name == name; });
  if (subject == std::end(kSubjects) ||
      std::from_chars(argv[2], argv[2] + std::strlen(argv[2]), hosts).ec != std::errc() ||
      hosts == 0) {
    std::fputs("usage: fixed_work SUBJECT HOSTS\n", stderr);
    return 2;
  }
  const uint64_t units = subject->work(hosts);
  std::printf("{\"unit\": \"%s\", \"units\": %llu}\n", std::string(subject->unit).c_str(),
              static_cast<unsigned long long>(units));
  return 0;
}

}  // namespace
}  // namespace fluxgate::bench

int main(int argc, char** argv) {
  return fluxgate::bench::Run(argc, argv);
}
