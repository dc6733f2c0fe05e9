#include "bridge/runtime/stages.h"

#include "bridge/admin/landing_page.h"
#include "bridge/config/version.h"
#include "bridge/ingest/write_counters.h"
#include "bridge/listen/listen_socket.h"
#include "bridge/listen/request_id.h"
#include "bridge/runtime/stage_readings.h"
#include "bridge/telemetry/influx_exporter_metrics.h"

#include <algorithm>
#include <malloc.h>
#include <random>
#include <thread>
#include <utility>

namespace fluxgate {
namespace {

// Calls of Sweep() that go once round the cache.
constexpr unsigned kSweepParts = 10;

// A scrape has seconds, a write milliseconds: where both want the processor, writers have about
// three parts of it and a scrape one.
constexpr int kScrapeNiceness = 5;

unsigned ThreadCount(const RuntimeOptions& options) {
  return options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
}

Reply MakeLandingPage(const Config& config) {
  return LandingPage({.version = std::string(Version()),
                      .route_prefix = config.http.route_prefix,
                      .telemetry_path = config.http.telemetry_path,
                      .own_telemetry_path = config.http.exporter_telemetry_path,
                      .udp_address = config.udp.listeners.empty()
                                         ? ""
                                         : FormatAddress(config.udp.listeners.front().address)});
}

std::string NewProcessId(const Now& now) {
  std::random_device device;
  std::string id;
  RequestIds((uint64_t{device()} << 32) | device()).AppendNew(now.wall_ns, &id);
  return id;
}

}  // namespace

Mapping MakeMapping(MappingOptions options) {
  options.reserved_families = InfluxExporterReservedNames();
  return Mapping(std::move(options));
}

Stages::Stages(const Config& config, ReportRules report_rules)
    : build_{std::string(Version()), std::string(Revision())},
      mapping_(MakeMapping(config.mapping)),
      report_rules_(std::move(report_rules)),
      cache_(config.cache),
      ingest_(config.ingest, &cache_, &mapping_),
      health_({config.http.reported_version, build_.revision, NewProcessId(clock_.Read())},
              clock_.Read()),
      self_metrics_(build_, [this] { return ReadStages(&ingest_, service_, http_, udp_); }),
      exposer_(config.expose, &cache_,
               [this](const Now&) {
                 const WriteCounters::Snapshot counts = ingest_.counters().Read();
                 return InfluxExporterFamilies(build_, counts.last_push_ns,
                                               counts.udp_parse_errors);
               }),
      own_exposer_({}, nullptr, [this](const Now&) { return self_metrics_.Collect(); }),
      service_(config.http, {.ingest = &ingest_,
                             .exposer = &exposer_,
                             .own_exposer = &own_exposer_,
                             .health = &health_,
                             .clock = &clock_,
                             .landing_page = MakeLandingPage(config),
                             .report_rules = report_rules_.empty() ? nullptr : &report_rules_,
                             .on_scrape =
                                 [this](const ScrapeTotals& totals) {
                                   if (totals.endpoint == Endpoint::kTelemetry) {
                                     self_metrics_.ObserveScrape(
                                         static_cast<double>(totals.duration_ns) / 1e9,
                                         static_cast<double>(totals.size));
                                   }
                                 }}),
      http_threads_(ThreadCount(config.runtime)),
      scrape_thread_(1, kScrapeNiceness),
      udp_thread_(config.udp.listeners.empty() ? 0 : 1),
      http_(&service_, &ingest_, http_threads_.contexts(), scrape_thread_.contexts().front(),
            &tasks_) {
  for (const LineListenOptions& listener : config.udp.listeners) {
    udp_.emplace_back(listener, &ingest_, &clock_, udp_thread_.contexts().front(), &tasks_);
  }
}

absl::Status Stages::Listen() {
  absl::Status status = http_.Listen();
  for (UdpListener& listener : udp_) {
    if (status.ok()) {
      status = listener.Listen();
    }
  }
  return status;
}

void Stages::Start() {
  http_.Start();
  for (UdpListener& listener : udp_) {
    listener.Start();
  }
  http_threads_.Start();
  scrape_thread_.Start();
  udp_thread_.Start();
  health_.SetState(HealthState::kReady);
}

void Stages::Drain() {
  for (UdpListener& listener : udp_) {
    listener.Stop();
  }
  http_.Drain();
}

void Stages::Stop() {
  http_.CloseAll();
  http_threads_.Join();
  scrape_thread_.Join();
  udp_thread_.Join();
}

void Stages::Sweep() {
  cache_.Sweep(clock_.Read(), kSweepParts);
  if (release_.IsDue(cache_.row_count() + cache_.route_count())) {
    malloc_trim(0);
  }
}

std::vector<std::string> Stages::udp_addresses() const {
  std::vector<std::string> addresses;
  for (const UdpListener& listener : udp_) {
    addresses.push_back(listener.address());
  }
  return addresses;
}

}  // namespace fluxgate
