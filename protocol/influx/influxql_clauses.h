// The clauses that several statements share: FROM, WHERE, ORDER BY, LIMIT and their like.
//
// Each function takes its clause if it comes next, and is content when it does not.
// Errors: false, and the cursor has the error.
// Thread: compatible (pure functions).
// Spec: InfluxQL 1.x, "Clauses".
#pragma once

#include "protocol/influx/influxql_cursor.h"
#include "protocol/influx/influxql_statement.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace fluxgate::influx {

inline constexpr size_t kSubqueryDepthMax = 32;

// The sources behind FROM, which has been taken. `subquery_depth`: how deep SELECT may be nested in
// them, 0 where none is allowed.
bool ParseSources(InfluxqlCursor* cursor, size_t subquery_depth, std::vector<Source>* sources);
bool ParseSource(InfluxqlCursor* cursor, size_t subquery_depth, Source* source);

bool ParseOn(InfluxqlCursor* cursor, std::string* database);
bool ParseFrom(InfluxqlCursor* cursor, std::vector<Source>* sources);
bool ParseWhere(InfluxqlCursor* cursor, Expression* condition);
bool ParseGroupBy(InfluxqlCursor* cursor, bool* is_there);
bool ParseOrderBy(InfluxqlCursor* cursor, bool* is_descending);

// `word` and a number; 0 when it is not there.
bool ParseCount(InfluxqlCursor* cursor, TokenType word, uint64_t* count);

}  // namespace fluxgate::influx
