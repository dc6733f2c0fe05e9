// Answers the 1.x /query from what the cache holds and what clients have created.
//
// Encodings: the reply's body is JSON, or CSV where that is asked for.
// Errors: a query that InfluxDB could not parse is answered 400, and nothing of it is done.
// Bounds: a text of at most kQueryTextSizeMax and kQueryStatementsMax statements; parsing it takes
// up to 100 times its size, answering it what QueryBudget allows, a few times over.
// Thread: compatible (pure function; what the context names is safe).
// Spec: InfluxDB 1.x /query.
#pragma once

#include "bridge/ingest/query_form.h"
#include "bridge/ingest/query_statements.h"
#include "bridge/ingest/reply.h"

#include <cstddef>
#include <string_view>

namespace fluxgate {

inline constexpr size_t kQueryTextSizeMax = size_t{64} << 10;  // bytes
inline constexpr size_t kQueryStatementsMax = 32;              // each may list all databases

// `is_read_only`: by GET. `accept`: the header.
Reply AnswerQuery(const QueryForm& form, std::string_view accept, bool is_read_only,
                  const QueryContext& context);

}  // namespace fluxgate
