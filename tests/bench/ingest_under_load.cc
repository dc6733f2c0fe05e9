#include "tests/bench/ingest_under_load.h"

#include "bridge/ingest/batch_writer.h"

#include <algorithm>

namespace fluxgate::bench {

std::string BodyOf(const Fleet& fleet, uint32_t host_begin, uint32_t host_end) {
  std::string body;
  for (uint32_t host = host_begin; host < host_end; ++host) {
    fleet.AppendLine(host, 0, kLoadNow.wall_ns, &body);
  }
  return body;
}

std::vector<std::string> BodiesOf(const Fleet& fleet, uint32_t hosts) {
  std::vector<std::string> bodies;
  for (uint32_t begin = 0; begin < hosts; begin += kLinesPerBody) {
    bodies.push_back(BodyOf(fleet, begin, std::min(begin + kLinesPerBody, hosts)));
  }
  return bodies;
}

IngestUnderLoad::IngestUnderLoad()
    : cache_(CacheOptions()),
      mapping_(MappingOptions()),
      ingest_(IngestOptions(), &cache_, &mapping_) {}

uint64_t IngestUnderLoad::Write(std::string_view body) {
  WriteParams params;
  params.database = "bench";
  BatchWriter writer(&ingest_, params, "127.0.0.1:1", kLoadNow);
  writer.Write(body, true);
  return writer.result().totals.samples;
}

void IngestUnderLoad::Fill(const Fleet& fleet, uint32_t hosts) {
  for (uint32_t begin = 0; begin < hosts; begin += kLinesPerBody) {
    Write(BodyOf(fleet, begin, std::min(begin + kLinesPerBody, hosts)));
  }
}

}  // namespace fluxgate::bench
