// Reads what follows the words of CREATE, ALTER, DROP, GRANT, REVOKE, SET and KILL statements.
//
// Errors: false, and the cursor has the error.
// Thread: compatible (pure functions).
// Spec: InfluxQL 1.x, "CREATE ...", "ALTER ...", "DROP ...", "GRANT", "REVOKE", "SET", "KILL".
#pragma once

#include "protocol/influx/influxql_cursor.h"
#include "protocol/influx/influxql_statement.h"

namespace fluxgate::influx {

bool ParseNamed(InfluxqlCursor* cursor, Statement* statement);    // `name`
bool ParseNamedOn(InfluxqlCursor* cursor, Statement* statement);  // `name ON database`
bool ParseNumbered(InfluxqlCursor* cursor, Statement* statement);
bool ParseKillQuery(InfluxqlCursor* cursor, Statement* statement);
bool ParseExplain(InfluxqlCursor* cursor, Statement* statement);
bool ParseCreateDatabase(InfluxqlCursor* cursor, Statement* statement);
bool ParseCreateUser(InfluxqlCursor* cursor, Statement* statement);
bool ParseCreatePolicy(InfluxqlCursor* cursor, Statement* statement);
bool ParseAlterPolicy(InfluxqlCursor* cursor, Statement* statement);
bool ParseCreateSubscription(InfluxqlCursor* cursor, Statement* statement);
bool ParseDropSubscription(InfluxqlCursor* cursor, Statement* statement);
bool ParseCreateContinuousQuery(InfluxqlCursor* cursor, Statement* statement);
bool ParseGrant(InfluxqlCursor* cursor, Statement* statement);
bool ParseRevoke(InfluxqlCursor* cursor, Statement* statement);
bool ParseSetPassword(InfluxqlCursor* cursor, Statement* statement);

}  // namespace fluxgate::influx
