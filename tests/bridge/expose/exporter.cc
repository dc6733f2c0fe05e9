#include "tests/bridge/expose/exporter.h"

#include "bridge/telemetry/influx_exporter_metrics.h"

#include "tests/bridge/cache/pipeline.h"

#include <algorithm>
#include <cstring>
#include <optional>

namespace fluxgate {
namespace {

MappingOptions ReservingOurNames() {
  MappingOptions options;
  options.reserved_families = InfluxExporterReservedNames();
  return options;
}

}  // namespace

Exporter::Exporter(const ExporterOptions& options)
    : cache_(options.cache),
      mapping_(ReservingOurNames()),
      ingest_(options.ingest, &cache_, &mapping_),
      exposer_(options.expose, &cache_, [this](const Now&) {
        const WriteCounters::Snapshot counts = ingest_.counters().Read();
        return InfluxExporterFamilies({"1.0", "none"}, counts.last_push_ns,
                                      counts.udp_parse_errors);
      }) {}

Reply Exporter::Post(std::string_view target, std::string_view body,
                     std::string_view content_encoding) {
  const size_t path_size = std::min(target.find('?'), target.size());
  const WriteProtocol protocol = target.substr(0, path_size) == "/api/v2/write"
                                     ? WriteProtocol::kHttpV2
                                     : WriteProtocol::kHttpV1;
  WriteParams params;
  if (std::optional<Reply> reply = ParseWriteParams(
          protocol, target.substr(std::min(path_size + 1, target.size())), &params)) {
    return *std::move(reply);
  }
  WriteRequest request(&ingest_, std::move(params), ParseContentEncoding(content_encoding).value(),
                       "192.0.2.1:4711", clock_.Read());
  if (std::optional<Reply> reply = request.Announce(body.size())) {
    return *std::move(reply);
  }
  while (!body.empty()) {
    const std::span<char> free = request.Prepare();
    const size_t size = std::min(free.size(), body.size());
    std::memcpy(free.data(), body.data(), size);
    std::optional<Reply> reply = request.Commit(size);
    while (!reply && request.has_more()) {
      reply = request.Continue();
    }
    if (reply) {
      return *std::move(reply);
    }
    body.remove_prefix(size);
  }
  return request.Finish();
}

void Exporter::SendDatagram(std::string_view bytes) {
  WriteParams params;
  params.protocol = WriteProtocol::kUdp;
  ingest_.TakeDatagram(bytes, params, "192.0.2.1:4711", clock_.Read());
}

std::string Exporter::Scrape(std::string_view accept, std::string_view accept_encoding) {
  const std::unique_ptr<fluxgate::Scrape> scrape =
      exposer_.Begin(accept, accept_encoding, clock_.Read());
  return ReadAll(scrape.get());
}

std::vector<std::string> Exporter::Samples() {
  std::vector<std::string> lines = SampleLines(Scrape());
  std::erase_if(lines, [](const std::string& line) {
    return line.starts_with("influxdb_exporter_build_info{") ||
           line.starts_with("influxdb_last_push_timestamp_seconds ") ||
           line.starts_with("influxdb_udp_parse_errors_total ");
  });
  return lines;
}

std::string ReadAll(Scrape* scrape) {
  std::string body;
  for (std::string chunk; scrape->Next(&chunk);) {
    body += chunk;
  }
  return body;
}

}  // namespace fluxgate
