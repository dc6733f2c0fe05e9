#include "bridge/runtime/stage_readings.h"

#include "protocol/influx/line_error.h"

#include "bridge/cache/series_cache.h"
#include "bridge/ingest/write_counters.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace fluxgate {
namespace {

void TakeReasons(const ReasonCounts& counts, std::map<std::string, uint64_t>* reasons) {
  for (const auto& [reason, count] : counts) {
    (*reasons)[std::string(reason)] = count;
  }
}

// A counter that appears with its first rejection hides that one from rate().
void TakeLineReasons(std::map<std::string, uint64_t>* reasons) {
  for (int code = 0; code < influx::kLineErrorCodeCount; ++code) {
    (*reasons)[std::string(Name(static_cast<influx::LineErrorCode>(code)))] = 0;
  }
}

void TakeWrites(const WriteCounters::Snapshot& snapshot, SelfReadings* readings) {
  for (const WriteCounters::DatabaseTotals& database : snapshot.databases) {
    readings->last_write_ns[database.database] = database.last_write_ns;
    for (int protocol = 0; protocol < kWriteProtocolCount; ++protocol) {
      const WriteTotals& totals = database.by_protocol[static_cast<size_t>(protocol)];
      if (totals.requests > 0 || totals.points > 0) {
        readings->writes.push_back({std::string(Name(static_cast<WriteProtocol>(protocol))),
                                    database.database, totals.requests, totals.bytes, totals.points,
                                    totals.samples, totals.historic_points});
      }
    }
  }
}

void TakeGroups(const GroupRegistry& groups, SelfReadings* readings) {
  for (const GroupState& group : groups.List()) {
    ++readings->groups;
    if (group.completed_ns) {
      readings->group_completed_ns[group.name] = *group.completed_ns;
    }
  }
  readings->refused_groups = groups.refused_count();
}

}  // namespace

SelfReadings ReadStages(Ingest* ingest, const HttpService& service, const HttpServer& server,
                        const std::deque<UdpListener>& udp) {
  SelfReadings readings;
  const WriteCounters::Snapshot snapshot = ingest->counters().Read();
  TakeWrites(snapshot, &readings);
  TakeLineReasons(&readings.rejected_lines);
  TakeReasons(snapshot.reasons.rejected_lines, &readings.rejected_lines);
  TakeReasons(snapshot.reasons.dropped_samples, &readings.dropped_samples);
  TakeReasons(snapshot.reasons.leniencies, &readings.leniencies);
  for (const HttpCounters::Count& count : service.counters().Read()) {
    readings.http_requests.push_back({std::string(count.path),
                                      count.status == 0 ? "other" : std::to_string(count.status),
                                      count.requests});
  }
  const SeriesCache& cache = *ingest->cache();
  TakeGroups(cache.groups(), &readings);
  readings.request_memory = ingest->request_memory().size();
  readings.refused_request_memory = ingest->request_memory().refused_count();
  readings.series = cache.series_count();
  readings.rows = cache.row_count();
  readings.families = cache.family_count();
  readings.line_connections = server.line_connection_count();
  readings.http_connections =
      std::max<uint64_t>(server.connection_count(), readings.line_connections) -
      readings.line_connections;
  readings.refused_line_connections = server.refused_line_connection_count();
  for (const UdpListener& listener : udp) {
    readings.udp_datagrams += listener.datagram_count();
    readings.udp_lost_datagrams += listener.lost_count();
  }
  return readings;
}

}  // namespace fluxgate
