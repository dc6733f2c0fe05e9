// load_generator write|udp|scrape --server ADDRESS:PORT ...: loads a server and prints one JSON
// object about it.
//
// write sends lines over HTTP, udp sends them as datagrams, scrape fetches the metrics page. With
// --check a write load ends with a plain and a gzip scrape that must show each series once, with
// the value sent last.
// Exit: 0 when all went well, 1 when a reply, a fetch or a check was wrong, 2 for bad usage.
#include "bridge/base/clock.h"

#include "tests/bench/http_get.h"
#include "tests/bench/http_write_load.h"
#include "tests/bench/process_usage.h"
#include "tests/bench/series_check.h"
#include "tests/bench/steady_time.h"
#include "tests/bench/udp_write_load.h"

#include <CLI/CLI.hpp>
#include <absl/strings/str_format.h>

#include <cstdio>
#include <ctime>
#include <map>

namespace fluxgate::bench {
namespace {

struct Options {
  std::string server;
  pid_t server_pid = 0;
  double seconds = 5;
  PageRequest page;
  // write, udp
  WriteLoad load;
  double lines_per_s = 0;
  bool check = false;
  // write
  uint32_t connections = 2;
  uint64_t requests_max = UINT64_MAX;
  // udp
  std::string counter_path = "/metrics/exporter";
  std::string counter = "fluxgate_points_total";
  std::string counter_label;
  // scrape
  uint64_t scrapes_max = 5;
};

double Ratio(double dividend, double divisor) {
  return divisor > 0 ? dividend / divisor : 0;
}

ProcessUsage UsageOf(const Options& options) {
  return ReadProcessUsage(options.server_pid).value_or(ProcessUsage());
}

// `"name": {...}` of the requests between two readings of the server's usage.
std::string TallyJson(std::string_view name, WriteTally* tally, double cpu_s) {
  const auto count = static_cast<double>(tally->samples);
  return absl::StrFormat(
      R"("%s": {"requests": %d, "samples": %.0f, "wall_s": %.6f, "cpu_s": %.3f, )"
      R"("requests_per_s": %.1f, "samples_per_s": %.1f, "cpu_us_per_sample": %.5f, )"
      R"("p50_ms": %.4f, "p99_ms": %.4f})",
      name, tally->requests, count, tally->wall_s, cpu_s,
      Ratio(static_cast<double>(tally->requests), tally->wall_s), Ratio(count, tally->wall_s),
      Ratio(cpu_s * 1e6, count), tally->latencies.Quantile(0.5) * 1e3,
      tally->latencies.Quantile(0.99) * 1e3);
}

std::string MemoryJson(const ProcessUsage& usage) {
  return absl::StrFormat(R"("resident": %d, "resident_peak": %d)", usage.resident,
                         usage.resident_peak);
}

int Finish(const std::string& json, const std::string& error) {
  std::printf("{%s}\n", json.c_str());
  if (!error.empty()) {
    std::fprintf(stderr, "load_generator: %s\n", error.c_str());
  }
  return error.empty() ? 0 : 1;
}

uint64_t SeriesOf(const WriteLoad& load) {
  uint64_t series = 0;
  for (uint32_t host = 0; host < load.hosts; ++host) {
    series += FleetOf(load.kind).SampleCount(host);
  }
  return series;
}

// Scrapes plain and gzip; the first thing that is wrong. `series` is how many were right.
std::string CheckSeries(const Options& options, const std::vector<uint32_t>& last_rounds,
                        uint64_t* series) {
  for (const bool gzip : {false, true}) {
    PageRequest request = options.page;
    request.gzip = gzip;
    SeriesCheck check(&last_rounds, options.load.kind);
    Fetch fetch =
        FetchPage(options.server, request, [&check](std::string_view piece) { check.Take(piece); });
    const std::string complaint = fetch.error.empty() ? check.Finish() : fetch.error;
    if (!complaint.empty()) {
      return absl::StrFormat("%s scrape: %s", gzip ? "gzip" : "plain", complaint);
    }
    *series = check.series();
  }
  return {};
}

int RunWrite(const Options& options) {
  HttpWriteLoad load(options.server, options.load, options.connections);
  const ProcessUsage before = UsageOf(options);
  WriteTally first = load.SendOneRound();
  const ProcessUsage between = UsageOf(options);
  WriteTally steady = load.SendFor(options.seconds, options.requests_max,
                                   options.lines_per_s / options.load.lines_per_request);
  const ProcessUsage after = UsageOf(options);
  std::string error = load.error();
  uint64_t checked = 0;
  if (error.empty() && options.check) {
    error = CheckSeries(options, load.LastRounds(), &checked);
  }
  const std::string json =
      absl::StrFormat(R"(%s, %s, "series": %d, "checked": %d, "resident_idle": %d, %s)",
                      TallyJson("first_round", &first, between.cpu_s - before.cpu_s),
                      TallyJson("steady", &steady, after.cpu_s - between.cpu_s),
                      SeriesOf(options.load), checked, before.resident, MemoryJson(after));
  return Finish(json, error);
}

// The sum of a counter of the server's own page, over the series with the label.
double ReadCounter(const Options& options) {
  std::string page;
  FetchPage(options.server, {.path = options.counter_path},
            [&page](std::string_view piece) { page += piece; });
  double sum = 0;
  for (size_t at = 0; at < page.size();) {
    const size_t end = std::min(page.find('\n', at), page.size());
    const std::string line = page.substr(at, end - at);
    const bool is_it =
        line.starts_with(options.counter + "{") || line.starts_with(options.counter + " ");
    if (is_it && line.find(options.counter_label) != std::string::npos) {
      sum += std::strtod(line.c_str() + line.rfind(' '), nullptr);
    }
    at = end + 1;
  }
  return sum;
}

// Reads the counter until it has reached `expected`, or stands still.
double SettledCounter(const Options& options, double expected) {
  constexpr int kReadingsWithoutChange = 5;
  timespec pause{};
  pause.tv_nsec = 20'000'000;
  double counter = ReadCounter(options);
  for (int unchanged = 0; counter < expected && unchanged < kReadingsWithoutChange;) {
    nanosleep(&pause, nullptr);
    const double next = ReadCounter(options);
    unchanged = next > counter ? 0 : unchanged + 1;
    counter = next;
  }
  return counter;
}

int RunUdp(Options options) {
  options.load.path.clear();
  const WritePlan plan(options.load, 0, options.load.hosts);
  const double lines_each = options.load.lines_per_request;
  const double before = ReadCounter(options);
  const ProcessUsage usage_before = UsageOf(options);
  const double datagrams_per_s = options.lines_per_s / lines_each;
  const UdpTally tally =
      SendDatagrams(options.server, plan, 0,
                    static_cast<uint64_t>(options.seconds * datagrams_per_s), datagrams_per_s);
  const double sent = static_cast<double>(tally.datagrams) * lines_each;
  const double counted = SettledCounter(options, before + sent) - before;
  const double cpu_s = UsageOf(options).cpu_s - usage_before.cpu_s;
  std::string error = tally.error;
  uint64_t checked = 0;
  if (error.empty() && options.check) {
    // Once more each host, slowly, so that the values are known although datagrams may have been
    // lost.
    constexpr double kSlowLinesPerSecond = 20'000;
    const UdpTally again =
        SendDatagrams(options.server, plan, tally.datagrams, plan.requests_per_round(),
                      kSlowLinesPerSecond / lines_each);
    SettledCounter(options, before + counted + static_cast<double>(again.datagrams) * lines_each);
    std::vector<uint32_t> last_rounds(options.load.hosts);
    plan.NoteLastRounds(tally.datagrams + again.datagrams, &last_rounds);
    error = CheckSeries(options, last_rounds, &checked);
  }
  const double samples_per_line = static_cast<double>(plan.SampleCount(0)) / lines_each;
  std::string json = absl::StrFormat(
      R"("lines": %.0f, "received": %.0f, "lost_share": %.6f, "wall_s": %.6f, )"
      R"("lines_per_s": %.1f, "cpu_us_per_sample": %.5f, "checked": %d, )",
      sent, counted, Ratio(sent - counted, sent), tally.wall_s, Ratio(counted, tally.wall_s),
      Ratio(cpu_s * 1e6, counted * samples_per_line), checked);
  return Finish(json + MemoryJson(UsageOf(options)), error);
}

int RunScrape(const Options& options) {
  Latencies walls;
  Latencies first_bytes;
  uint64_t scrapes = 0;
  Fetch last;
  const ProcessUsage before = UsageOf(options);
  const int64_t start_ns = SteadyNs();
  while (last.error.empty() && scrapes < options.scrapes_max &&
         (scrapes == 0 || SecondsSince(start_ns) < options.seconds)) {
    last = FetchPage(options.server, options.page, nullptr);
    walls.Add(static_cast<int64_t>(last.wall_s * 1e9));
    first_bytes.Add(static_cast<int64_t>(last.first_byte_s * 1e9));
    ++scrapes;
  }
  const ProcessUsage after = UsageOf(options);
  std::string json = absl::StrFormat(
      R"("scrapes": %d, "wall_s": %.6f, "wall_p99_s": %.6f, "first_byte_s": %.6f, "size": %d, )"
      R"("cpu_s": %.4f, )",
      scrapes, walls.Quantile(0.5), walls.Quantile(0.99), first_bytes.Quantile(0.5), last.size,
      (after.cpu_s - before.cpu_s) / static_cast<double>(scrapes));
  return Finish(json + MemoryJson(after), last.error);
}

void AddServerFlags(CLI::App* command, Options* options) {
  command->add_option("--server", options->server, "ADDRESS:PORT")->required();
  command->add_option("--server-pid", options->server_pid, "whose CPU time and memory to read");
  command->add_option("--seconds", options->seconds, "how long at most");
  command->add_option("--metrics-path", options->page.path, "what to scrape");
}

void AddLoadFlags(CLI::App* command, Options* options) {
  command->add_option("--tag-sets", options->load.hosts)->check(CLI::Range(1, 10'000'000));
  command->add_option("--lines", options->load.lines_per_request, "lines of a request")
      ->check(CLI::Range(1, 1'000'000));
  command->add_option("--rounds", options->load.rounds, "different values of each host")
      ->check(CLI::Range(1, 1000));
  const std::map<std::string, LineKind> kinds = {{"tsbs", LineKind::kTsbsIntegers},
                                                 {"tsbs-doubles", LineKind::kTsbsDoubles},
                                                 {"telegraf", LineKind::kTelegraf}};
  command->add_option("--kind", options->load.kind, "tsbs, tsbs-doubles or telegraf")
      ->transform(CLI::CheckedTransformer(kinds).description(""));
  command->add_option("--rate", options->lines_per_s, "lines a second; 0: as many as possible");
  command->add_flag("--check", options->check, "scrape at the end and compare");
}

int Run(int argc, char** argv) {
  Options options;
  CLI::App app("Loads a server with lines or scrapes, and prints what it took.");
  app.require_subcommand(1);
  CLI::App* write = app.add_subcommand("write", "lines over HTTP");
  AddServerFlags(write, &options);
  AddLoadFlags(write, &options);
  write->add_option("--connections", options.connections)->check(CLI::Range(1, 10'000));
  write->add_option("--requests", options.requests_max, "how many at most");
  write->add_option("--path", options.load.path, "where to post");
  write->add_flag("--gzip", options.load.gzip, "compress the bodies");
  CLI::App* udp = app.add_subcommand("udp", "lines as datagrams");
  AddServerFlags(udp, &options);
  AddLoadFlags(udp, &options);
  udp->add_option("--counter-path", options.counter_path, "where the server counts lines");
  udp->add_option("--counter", options.counter, "the metric that counts them");
  udp->add_option("--counter-label", options.counter_label, R"(as in protocol="udp")");
  CLI::App* scrape = app.add_subcommand("scrape", "fetches of the metrics page");
  AddServerFlags(scrape, &options);
  scrape->add_flag("--gzip", options.page.gzip, "ask for gzip");
  scrape->add_flag("--openmetrics", options.page.openmetrics, "ask for OpenMetrics 1.0");
  scrape->add_option("--count", options.scrapes_max, "how many at most")
      ->check(CLI::Range(1, 1'000'000));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  options.load.time_ns = SystemClock().Read().wall_ns;
  if (write->parsed() && options.load.hosts < options.connections) {
    std::fputs("load_generator: fewer tag sets than connections\n", stderr);
    return 2;
  }
  if (udp->parsed() && options.lines_per_s <= 0) {
    std::fputs("load_generator: datagrams need a rate\n", stderr);
    return 2;
  }
  return write->parsed() ? RunWrite(options) : udp->parsed() ? RunUdp(options) : RunScrape(options);
}

}  // namespace
}  // namespace fluxgate::bench

int main(int argc, char** argv) {
  return fluxgate::bench::Run(argc, argv);
}
