// Reads expressions: what SELECT names, and what WHERE asks.
//
// Errors: false, and the cursor has the error.
// Bounds: parentheses and calls may be nested kExpressionDepthMax deep, so that the stack is
// bounded. Thread: compatible (pure functions). Spec: InfluxQL 1.x, "Expressions".
#pragma once

#include "protocol/influx/influxql_cursor.h"
#include "protocol/influx/influxql_statement.h"

#include <cstddef>
#include <string>
#include <vector>

namespace fluxgate::influx {

inline constexpr size_t kExpressionDepthMax = 100;

// Appends the steps of the expression that comes next.
bool ParseExpression(InfluxqlCursor* cursor, Expression* expression);

// The names of `a.b.c`, at most three; `a..c` has an empty one. A `.` before a regular expression
// or a colon ends them.
bool ParseDottedNames(InfluxqlCursor* cursor, std::vector<std::string>* names);

}  // namespace fluxgate::influx
