// Reads what follows the words of a SHOW statement, and the clauses of DELETE and DROP SERIES.
//
// Errors: false, and the cursor has the error.
// Thread: compatible (pure functions).
// Spec: InfluxQL 1.x, "SHOW ..." and "DELETE".
#pragma once

#include "protocol/influx/influxql_cursor.h"
#include "protocol/influx/influxql_statement.h"

namespace fluxgate::influx {

bool ParseNothing(InfluxqlCursor* cursor, Statement* statement);
bool ParseShowModule(InfluxqlCursor* cursor, Statement* statement);    // STATS, DIAGNOSTICS
bool ParseShowPolicies(InfluxqlCursor* cursor, Statement* statement);  // RETENTION POLICIES
bool ParseShowMeasurements(InfluxqlCursor* cursor, Statement* statement);
bool ParseShowSeries(InfluxqlCursor* cursor, Statement* statement);
bool ParseShowTagKeys(InfluxqlCursor* cursor, Statement* statement);
bool ParseShowTagValues(InfluxqlCursor* cursor, Statement* statement);
bool ParseShowFieldKeys(InfluxqlCursor* cursor, Statement* statement);
bool ParseCardinality(InfluxqlCursor* cursor, Statement* statement);       // behind CARDINALITY
bool ParseExactCardinality(InfluxqlCursor* cursor, Statement* statement);  // behind EXACT
bool ParseKeyCardinality(InfluxqlCursor* cursor, Statement* statement);    // behind KEY
bool ParseDelete(InfluxqlCursor* cursor, Statement* statement);

}  // namespace fluxgate::influx
