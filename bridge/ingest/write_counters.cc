#include "bridge/ingest/write_counters.h"

#include "protocol/prometheus/utf8.h"

#include "bridge/cache/database_registry.h"

#include <algorithm>
#include <utility>

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
  const auto known = databases_.find(database);
  DatabaseTotals& sum = known != databases_.end() ? known->second : AddDatabase(database);
  AddTotals(totals, &sum.by_protocol[static_cast<size_t>(protocol)]);
  sum.last_write_ns = std::max(sum.last_write_ns, now_ns);
  AddReasons(reasons.rejected_lines, &reasons_.rejected_lines);
  AddReasons(reasons.dropped_samples, &reasons_.dropped_samples);
  AddReasons(reasons.leniencies, &reasons_.leniencies);
}

// Two spellings that are shown alike must be one entry, or a scrape would hold a series twice.
WriteCounters::DatabaseTotals& WriteCounters::AddDatabase(std::string_view database) {
  std::string name(kOtherDatabase);
  if (database.size() <= DatabaseRegistry::kNameSizeMax) {
    std::string shown;
    prom::AppendAsUtf8(database, &shown);
    if (databases_.size() < kDatabasesMax || databases_.contains(shown)) {
      name = std::move(shown);
    }
  }
  DatabaseTotals& totals = databases_[name];
  totals.database = name;
  return totals;
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
