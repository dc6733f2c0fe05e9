// Writes the answer to a query as InfluxDB 1.x does in JSON.
//
// Encodings: UTF-8, ending in LF; times as RFC 3339 with as many digits as they need, or as a
// number of `epoch`.
// Thread: compatible (pure functions).
// Spec: InfluxDB 1.x /query, parameters epoch, pretty, chunked and chunk_size.
#pragma once

#include "protocol/influx/precision.h"

#include "bridge/ingest/query_result.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fluxgate {

struct QueryFormat {
  std::optional<influx::Precision> epoch;  // nullopt: RFC 3339
  bool is_pretty = false;
  size_t chunk_rows = 0;  // 0: one piece
};

std::string QueryJson(std::span<const QueryResult> results, const QueryFormat& format);

// `json`, which has no blanks outside its strings, with line ends and four blanks a level.
std::string IndentJson(std::string_view json);

}  // namespace fluxgate
