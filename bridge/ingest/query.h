// Answers the 1.x /query, as far as a writer's handshake needs it.
//
// CREATE DATABASE and SHOW DATABASES do what they say; every other statement that InfluxDB knows
// has an empty result.
// Encodings: the reply's body is JSON, ending in LF.
// Errors: a query that InfluxDB could not parse is answered 400, and nothing of it is done.
// Bounds: a text of at most kQueryTextSizeMax and kStatementsMax statements; parsing it takes up to
// 50 times its size.
// Thread: compatible (pure functions; the registry is safe).
// Spec: InfluxDB 1.x /query.
#pragma once

#include "bridge/cache/database_registry.h"
#include "bridge/ingest/reply.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fluxgate {

inline constexpr size_t kQueryTextSizeMax = size_t{64} << 10;  // bytes
inline constexpr size_t kStatementsMax = 32;                   // each may list all databases

enum class QueryVerb : uint8_t { kGet, kPost };

// The text of the query: parameter `q` of the form body, else of the URL's query part (both still
// encoded); empty when neither has it.
std::string FindQueryText(std::string_view url_query, std::string_view form_body);

// `text` holds statements with `;` between them.
Reply AnswerQuery(QueryVerb verb, std::string_view text, DatabaseRegistry* databases);

}  // namespace fluxgate
