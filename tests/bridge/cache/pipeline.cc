#include "tests/bridge/cache/pipeline.h"

#include "bridge/ingest/batch_writer.h"

#include <algorithm>

namespace fluxgate {

Pipeline::Pipeline(const PipelineOptions& options)
    : cache(options.cache), mapping(options.mapping), ingest(options.ingest, &cache, &mapping) {}

BatchResult Pipeline::Write(std::string_view body, std::string_view database,
                            std::string_view retention_policy, const GroupBody* group) {
  WriteParams params;
  params.database = database;
  params.retention_policy = retention_policy;
  params.precision = influx::Precision::kNanosecond;
  params.is_current = group != nullptr;
  BatchWriter writer(&ingest, params, "192.0.2.1:4711", clock.Read());
  writer.SetBody(group);
  writer.Write(body, true);
  return writer.result();
}

std::string Pipeline::Scrape(prom::ExpositionFormat format, size_t piece_size) {
  FamilyCursor cursor(&cache, format, false, clock.Read());
  return ReadAll(&cursor, piece_size);
}

void Pipeline::Sweep() {
  cache.Sweep(clock.Read(), 1);
}

std::string ReadAll(FamilyCursor* cursor, size_t piece_size) {
  std::string text;
  while (cursor->NextFamily()) {
    while (cursor->Append(text.size() + piece_size, &text)) {
    }
  }
  return text;
}

std::vector<std::string> SampleLines(std::string_view exposition) {
  std::vector<std::string> lines;
  while (!exposition.empty()) {
    const size_t size = std::min(exposition.find('\n'), exposition.size() - 1) + 1;
    if (exposition.front() != '#') {
      lines.emplace_back(exposition.substr(0, size - 1));
    }
    exposition.remove_prefix(size);
  }
  std::ranges::sort(lines);
  return lines;
}

}  // namespace fluxgate
