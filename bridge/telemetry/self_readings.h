// What the stages have counted, as runtime reads it for telemetry.
//
// The stages count in structs of their own and know nothing of metrics; telemetry knows nothing of
// the stages.
// Units: times in ns since the epoch.
// Lifetime: owns its strings.
// Thread: compatible.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace fluxgate {

struct WriteReading {
  std::string protocol;
  std::string database;
  uint64_t requests = 0;
  uint64_t bytes = 0;
  uint64_t points = 0;
  uint64_t samples = 0;
  uint64_t historic_points = 0;
};

struct HttpReading {
  std::string path;
  std::string code;
  uint64_t requests = 0;
};

struct SelfReadings {
  std::vector<WriteReading> writes;
  std::map<std::string, int64_t> last_write_ns;     // by database
  std::map<std::string, uint64_t> rejected_lines;   // by reason
  std::map<std::string, uint64_t> dropped_samples;  // by reason
  std::map<std::string, uint64_t> leniencies;       // by reason
  std::vector<HttpReading> http_requests;
  std::map<std::string, int64_t> group_completed_ns;  // when last, by group
  uint64_t groups = 0;
  uint64_t refused_groups = 0;
  uint64_t request_memory = 0;
  uint64_t refused_request_memory = 0;
  uint64_t series = 0;
  uint64_t rows = 0;
  uint64_t families = 0;
  uint64_t http_connections = 0;
  uint64_t line_connections = 0;
  uint64_t refused_line_connections = 0;
  uint64_t udp_datagrams = 0;
  uint64_t udp_lost_datagrams = 0;
};

}  // namespace fluxgate
