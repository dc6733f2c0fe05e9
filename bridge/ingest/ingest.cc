#include "bridge/ingest/ingest.h"

#include "bridge/base/log.h"
#include "bridge/ingest/batch_writer.h"

#include <string>

namespace fluxgate {
namespace {

static_assert(IngestOptions::kDatabaseNameMax == DatabaseRegistry::kNameSizeMax);

constexpr int32_t kWarningInterval = 3600 * int32_t{kTicksPerSecond};

}  // namespace

Ingest::Ingest(const IngestOptions& options, SeriesCache* cache, const Mapping* mapping)
    : options_(options),
      cache_(cache),
      mapping_(mapping),
      request_memory_(options.request_memory_max),
      query_catalog_(&cache->databases()) {
  for (const std::string& database : options_.databases) {
    cache_->databases().Create(database);
  }
}

void Ingest::TakeDatagram(std::string_view bytes, const WriteParams& params, std::string_view peer,
                          const Now& now) {
  BatchWriter writer(this, params, peer, now);
  writer.Write(bytes, true);
  writer.totals().requests = 1;
  writer.totals().bytes = bytes.size();
  Account(params, writer.result(), now);
  if (writer.result().bad_lines.count() > 0) {
    counters_.AddUdpParseError();
  }
}

void Ingest::Account(const WriteParams& params, const BatchResult& result, const Now& now) {
  counters_.Add(params.protocol, params.database, result.totals, result.reasons, now.wall_ns);
  if (result.totals.points > 0) {
    counters_.SetLastPush(now.wall_ns);
  }
  if (result.totals.historic_points > 0) {
    WarnOfHistoricPoints(params.database, result.totals.historic_points, now);
  }
}

void Ingest::WarnOfHistoricPoints(std::string_view database, uint64_t points, const Now& now) {
  {
    MutexLock lock(&mutex_);
    const auto found = warned_.find(database);
    if (found == warned_.end()) {
      if (warned_.size() == WriteCounters::kDatabasesMax) {
        return;
      }
      warned_.emplace(database, now.tick);
    } else if (static_cast<int32_t>(now.tick - found->second) < kWarningInterval) {
      return;
    } else {
      found->second = now.tick;
    }
  }
  fluxgate::Log(
      LogLevel::kWarn,
      "points are older than --influxdb.max-sample-age: accepted, but not shown as current values",
      {{"database", std::string(database)}, {"points", std::to_string(points)}});
}

}  // namespace fluxgate
