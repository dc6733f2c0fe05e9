// What a write request says about its lines: the parameters of its URL.
//
// Errors: bad parameters become a reply in the shape of the API that was called.
// Thread: compatible.
// Spec: InfluxDB 1.x /write, 2.x /api/v2/write.
#pragma once

#include "protocol/influx/precision.h"

#include "bridge/ingest/reply.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fluxgate {

enum class WriteProtocol : uint8_t { kHttpV1, kHttpV2, kUdp, kUpload };
inline constexpr int kWriteProtocolCount = 4;

// As a metric label value: http_v1, http_v2, udp, upload.
std::string_view Name(WriteProtocol protocol);

struct WriteParams {
  WriteProtocol protocol = WriteProtocol::kHttpV1;
  std::string database;          // 1.x `db`; 2.x `bucket` up to its first slash
  std::string retention_policy;  // 1.x `rp`; 2.x `bucket` behind its first slash
  std::string org;               // 2.x
  influx::Precision precision = influx::Precision::kUnspecified;
  bool is_current = false;  // what is written is current whatever its own time says
};

// Reads the query part of a URL (percent-encoded, without `?`). Unknown parameters are passed over;
// of one that is given twice the first counts. nullopt: `params` was set; else the error to reply.
std::optional<Reply> ParseWriteParams(WriteProtocol protocol, std::string_view query,
                                      WriteParams* params);

}  // namespace fluxgate
