// Reads a SELECT statement.
//
// Errors: false, and the cursor has the error.
// Thread: compatible (pure function).
// Spec: InfluxQL 1.x, "SELECT".
#pragma once

#include "protocol/influx/influxql_cursor.h"
#include "protocol/influx/influxql_statement.h"

#include <cstddef>
#include <cstdint>

namespace fluxgate::influx {

enum class SelectTarget : uint8_t { kNone, kOptional, kRequired };  // INTO

// What follows the word SELECT.
bool ParseSelect(InfluxqlCursor* cursor, SelectTarget target, size_t subquery_depth,
                 Statement* statement);

}  // namespace fluxgate::influx
