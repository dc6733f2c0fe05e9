// What a write request says about its lines: the parameters of its URL.
//
// Errors: bad parameters become a reply in the shape of the API that was called.
// Bounds: names of groups are UTF-8 of at most GroupRegistry::kNameSizeMax bytes.
// Thread: compatible.
// Spec: InfluxDB 1.x /write, 2.x /api/v2/write, 3.x /api/v3/write_lp; README.md, "Snapshots" for
// `group` and `ttl`.
#pragma once

#include "protocol/influx/precision.h"

#include "bridge/ingest/reply.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fluxgate {

enum class WriteProtocol : uint8_t { kHttpV1, kHttpV2, kHttpV3, kUdp, kTcp, kUnix, kUpload };
inline constexpr int kWriteProtocolCount = 7;

// As a metric label value: http_v1, http_v2, http_v3, udp, tcp, unix, upload.
std::string_view Name(WriteProtocol protocol);

struct WriteParams {
  WriteProtocol protocol = WriteProtocol::kHttpV1;
  std::string database;          // 1.x, 3.x `db`; 2.x `bucket` up to its first slash
  std::string retention_policy;  // 1.x `rp`; 2.x `bucket` behind its first slash
  std::string org;               // 2.x
  influx::Precision precision = influx::Precision::kUnspecified;
  bool accept_partial = true;     // 3.x; false: one bad line, and nothing is stored
  bool is_current = false;        // what is written is current whatever its own time says
  std::string group{};            // of which the body is a snapshot; empty: it is none
  int64_t group_lifetime_ns = 0;  // of what it brings to the group; 0: as the cache has it
};

// Reads the query part of a URL (percent-encoded, without `?`). Unknown parameters are passed over;
// of one that is given twice the first counts. nullopt: `params` was set; else the error to reply.
std::optional<Reply> ParseWriteParams(WriteProtocol protocol, std::string_view query,
                                      WriteParams* params);

// An error in the shape of that API.
Reply ProtocolError(WriteProtocol protocol, int status, std::string_view message);

}  // namespace fluxgate
