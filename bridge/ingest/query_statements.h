// Answers one statement after the other.
//
// Errors: of a statement are part of its result; what follows it is not executed.
// Bounds: one QueryBudget for all statements. A result that it cuts is partial, or is an error if
// there is nothing of it; when it is used up, statements that need not read the cache still run.
// Thread: compatible; the cache and the catalog are safe.
// Spec: InfluxDB 1.x /query.
#pragma once

#include "protocol/influx/influxql_statement.h"

#include "bridge/base/clock.h"
#include "bridge/cache/series_cache.h"
#include "bridge/ingest/query_catalog.h"
#include "bridge/ingest/query_result.h"

#include <span>
#include <string_view>
#include <vector>

namespace fluxgate {

// What statements work with; all of it outlives them.
struct QueryContext {
  SeriesCache* cache = nullptr;
  QueryCatalog* catalog = nullptr;
  std::string_view reported_version;
  Now now;
};

// `database`: of the request. `is_read_only`: it came by GET, of which InfluxDB warns.
std::vector<QueryResult> ExecuteStatements(std::span<const influx::Statement> statements,
                                           std::string_view database, bool is_read_only,
                                           const QueryContext& context);

}  // namespace fluxgate
