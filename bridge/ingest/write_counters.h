// Counts what write requests brought, for telemetry.
//
// Encodings: database names are shown as UTF-8, other bytes read as Windows-1252.
// Lifetime: reasons are static strings.
// Bounds: at most kDatabasesMax databases are told apart, the rest count as `other`.
// Thread: safe. Taken once per request or datagram, not per line.
#pragma once

#include "bridge/base/mutex.h"
#include "bridge/base/string_hash.h"
#include "bridge/ingest/write_params.h"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate {

// What one request brought, or all of them so far.
struct WriteTotals {
  uint64_t requests = 0;
  uint64_t bytes = 0;  // of the body as sent
  uint64_t points = 0;
  uint64_t samples = 0;          // shown as current values
  uint64_t historic_points = 0;  // accepted, too old to be shown
};

// Counts by reason of one kind; a handful of reasons.
using ReasonCounts = std::map<std::string_view, uint64_t>;

struct WriteReasons {
  ReasonCounts rejected_lines;
  ReasonCounts dropped_samples;
  ReasonCounts leniencies;
};

class WriteCounters {
 public:
  static constexpr size_t kDatabasesMax = 100;
  static constexpr std::string_view kOtherDatabase = "other";

  struct DatabaseTotals {
    std::string database;
    std::array<WriteTotals, kWriteProtocolCount> by_protocol{};
    int64_t last_write_ns = 0;
  };

  void Add(WriteProtocol protocol, std::string_view database, const WriteTotals& totals,
           const WriteReasons& reasons, int64_t now_ns);

  // The two figures that influxdb_exporter shows: the time of the last batch that brought a point,
  // and the number of datagrams with a bad line.
  void SetLastPush(int64_t now_ns);
  void AddUdpParseError();

  struct Snapshot {
    std::vector<DatabaseTotals> databases;
    WriteReasons reasons;
    int64_t last_push_ns = 0;
    uint64_t udp_parse_errors = 0;
  };
  Snapshot Read() const;

 private:
  DatabaseTotals& AddDatabase(std::string_view database) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable Mutex mutex_;
  StringMap<DatabaseTotals> databases_ ABSL_GUARDED_BY(mutex_);
  WriteReasons reasons_ ABSL_GUARDED_BY(mutex_);
  int64_t last_push_ns_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t udp_parse_errors_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace fluxgate
