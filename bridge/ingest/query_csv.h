// Writes the answer to a query as InfluxDB 1.x does in CSV: `name,tags,` and the columns, then a
// line per row; statements are parted by an empty line.
//
// Encodings: UTF-8 with LF; times in ns, or as a number of `epoch`. Errors of statements and
// warnings are left out, as InfluxDB does.
// Thread: compatible (pure functions).
// Spec: InfluxDB 1.x /query with Accept: application/csv. Integers are written (1.6 writes the
// column's name instead).
#pragma once

#include "bridge/ingest/query_json.h"
#include "bridge/ingest/query_result.h"

#include <span>
#include <string>
#include <string_view>

namespace fluxgate {

std::string QueryCsv(std::span<const QueryResult> results, const QueryFormat& format);

// The body of an error reply.
std::string ErrorCsv(std::string_view message);

}  // namespace fluxgate
