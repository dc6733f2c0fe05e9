#include "bridge/runtime/stages.h"

#include "bridge/admin/landing_page.h"
#include "bridge/config/version.h"
#include "bridge/ingest/write_counters.h"
#include "bridge/listen/listen_socket.h"
#include "bridge/runtime/stage_readings.h"
#include "bridge/telemetry/influx_exporter_metrics.h"

#include <algorithm>
#include <malloc.h>
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
                      .telemetry_path = config.http.telemetry_path,
                      .own_telemetry_path = config.http.exporter_telemetry_path,
                      .udp_address = config.udp.address ? FormatAddress(*config.udp.address) : ""});
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
      health_({config.http.reported_version, build_.revision}, clock_.Read()),
      self_metrics_(build_, [this] { return ReadStages(&ingest_, service_, http_, udp_.get()); }),
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
      udp_thread_(config.udp.address ? 1 : 0),
      http_(&service_, http_threads_.contexts(), scrape_thread_.contexts().front(), &tasks_),
      udp_(config.udp.address
               ? std::make_unique<UdpListener>(config.udp, &ingest_, &clock_,
                                               udp_thread_.contexts().front(), &tasks_)
               : nullptr) {}

absl::Status Stages::Listen() {
  absl::Status status = http_.Listen();
  if (status.ok() && udp_ != nullptr) {
    status = udp_->Listen();
  }
  return status;
}

void Stages::Start() {
  http_.Start();
  if (udp_ != nullptr) {
    udp_->Start();
  }
  http_threads_.Start();
  scrape_thread_.Start();
  udp_thread_.Start();
  health_.SetState(HealthState::kReady);
}

void Stages::Drain() {
  if (udp_ != nullptr) {
    udp_->Stop();
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

std::string Stages::udp_address() const {
  return udp_ == nullptr ? "" : udp_->address();
}

}  // namespace fluxgate
