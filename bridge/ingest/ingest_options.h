// What the write side can be told. Set once, before it is made.
//
// Units: bytes.
// Thread: immutable.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace fluxgate {

struct IngestOptions {
  static constexpr size_t kDatabaseNameMax = 255;  // of the names below, bytes

  bool strict = false;                               // --influxdb.strict
  size_t line_size_max = size_t{1} << 20;            // --influxdb.max-line-size, bytes
  uint64_t body_size_max = uint64_t{32} << 20;       // --web.max-body-size, bytes as sent
  size_t atomic_size_max = size_t{16} << 20;         // --influxdb.max-atomic-size, bytes
  uint64_t inflated_size_max = uint64_t{256} << 20;  // --web.max-inflated-size, bytes
  // --web.max-request-memory, bytes of all requests together; 0: no limit
  uint64_t request_memory_max = uint64_t{1} << 30;
  std::vector<std::string> databases{};  // --influxdb.database
};

}  // namespace fluxgate
