#include "bridge/ingest/write_counters.h"

#include "bridge/cache/database_registry.h"

#include <algorithm>

namespace fluxgate {
namespace {

void AddTotals(const WriteTotals& totals, WriteTotals* sum) {
  sum->requests += totals.requests;
  sum->bytes += totals.bytes;
  sum->points += totals.points;
  sum->samples += totals.samples;
  sum->historic_points += totals.historic_points;
}

void AddReasons(const ReasonCounts& counts, ReasonCounts* sum) {
  for (const auto& [reason, count] : counts) {
    (*sum)[reason] += count;
  }
}

}  // namespace

void WriteCounters::Add(WriteProtocol protocol, std::string_view database,
                        const WriteTotals& totals, const WriteReasons& reasons, int64_t now_ns) {
  MutexLock lock(&mutex_);
  auto found = databases_.find(database);
  if (found == databases_.end()) {
    const bool is_known =
        databases_.size() < kDatabasesMax && database.size() <= DatabaseRegistry::kNameSizeMax;
    const std::string_view name = is_known ? database : kOtherDatabase;
    found = databases_.try_emplace(std::string(name)).first;
    found->second.database = found->first;
  }
  AddTotals(totals, &found->second.by_protocol[static_cast<size_t>(protocol)]);
  found->second.last_write_ns = std::max(found->second.last_write_ns, now_ns);
  AddReasons(reasons.rejected_lines, &reasons_.rejected_lines);
  AddReasons(reasons.dropped_samples, &reasons_.dropped_samples);
  AddReasons(reasons.leniencies, &reasons_.leniencies);
}

void WriteCounters::SetLastPush(int64_t now_ns) {
  MutexLock lock(&mutex_);
  last_push_ns_ = std::max(last_push_ns_, now_ns);
}

void WriteCounters::AddUdpParseError() {
  MutexLock lock(&mutex_);
  ++udp_parse_errors_;
}

WriteCounters::Snapshot WriteCounters::Read() const {
  Snapshot snapshot;
  {
    MutexLock lock(&mutex_);
    snapshot.databases.reserve(databases_.size());
    for (const auto& [name, totals] : databases_) {
      snapshot.databases.push_back(totals);
    }
    snapshot.reasons = reasons_;
    snapshot.last_push_ns = last_push_ns_;
    snapshot.udp_parse_errors = udp_parse_errors_;
  }
  std::ranges::sort(snapshot.databases, {}, &DatabaseTotals::database);
  return snapshot;
}

}  // namespace fluxgate
