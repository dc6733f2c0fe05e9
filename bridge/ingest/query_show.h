// Answers the SHOW statements that ask what the cache holds.
//
// Names are those of the cache: measurements and tag keys sanitised, field keys as they were
// written. All fields are floats: the cache keeps no other type.
// Thread: compatible (pure functions but for the cache they read).
// Spec: InfluxDB 1.x, SHOW MEASUREMENTS, TAG KEYS, TAG VALUES, FIELD KEYS, SERIES, and the
// CARDINALITY of each.
#pragma once

#include "protocol/influx/influxql_statement.h"

#include "bridge/ingest/query_result.h"
#include "bridge/ingest/query_walk.h"

namespace fluxgate {

void ShowMeasurements(const influx::Statement& statement, const QueryScope& scope,
                      QueryResult* result);
void ShowTagKeys(const influx::Statement& statement, const QueryScope& scope, QueryResult* result);
void ShowTagValues(const influx::Statement& statement, const QueryScope& scope,
                   QueryResult* result);
void ShowFieldKeys(const influx::Statement& statement, const QueryScope& scope,
                   QueryResult* result);
void ShowSeries(const influx::Statement& statement, const QueryScope& scope, QueryResult* result);

// Whether InfluxDB would estimate the cardinality that a statement asks for. Ours are exact.
bool IsEstimation(const influx::Statement& statement);
inline constexpr const char* kCardinalityEstimation = "cardinality estimation";

// How many there are.
void ShowMeasurementCardinality(const influx::Statement& statement, const QueryScope& scope,
                                QueryResult* result);
void ShowTagKeyCardinality(const influx::Statement& statement, const QueryScope& scope,
                           QueryResult* result);
void ShowTagValuesCardinality(const influx::Statement& statement, const QueryScope& scope,
                              QueryResult* result);
void ShowFieldKeyCardinality(const influx::Statement& statement, const QueryScope& scope,
                             QueryResult* result);
void ShowSeriesCardinality(const influx::Statement& statement, const QueryScope& scope,
                           QueryResult* result);

// Leaves only the rows that LIMIT and OFFSET name.
void ApplyLimit(const influx::Statement& statement, std::vector<QueryRow>* rows);

}  // namespace fluxgate
