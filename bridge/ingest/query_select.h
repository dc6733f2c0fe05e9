// Answers SELECT from the cache: the last values of measurements.
//
// Understands `*`, fields and tags by name, AS, FROM names and regular expressions, WHERE on tags,
// ORDER BY time, LIMIT and OFFSET. Whatever else InfluxDB would compute has an empty result. Values
// of one series that came with different times are rows of their own, as in InfluxDB.
// Thread: compatible (pure function but for the cache it reads).
// Spec: InfluxDB 1.x, SELECT.
#pragma once

#include "protocol/influx/influxql_statement.h"

#include "bridge/ingest/query_result.h"
#include "bridge/ingest/query_walk.h"

namespace fluxgate {

void SelectLastValues(const influx::Statement& statement, const QueryScope& scope,
                      QueryResult* result);

}  // namespace fluxgate
