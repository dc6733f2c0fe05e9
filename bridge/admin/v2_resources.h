// Organisations and buckets, as InfluxDB 2.x clients look for them before they write.
//
// Any organisation exists, and every database is a bucket of each; ids follow from the names, so
// that they stay the same.
// Encodings: queries are the query parts of URLs; bodies are JSON; ids are 16 hex digits.
// Errors: in the shape of 2.x.
// Bounds: a list names at most 100 buckets, 20 unless asked.
// Thread: compatible (pure functions; the registry is safe).
// Spec: InfluxDB 2.x /api/v2/setup, /api/v2/orgs, /api/v2/buckets.
#pragma once

#include "bridge/cache/database_registry.h"
#include "bridge/ingest/reply.h"

#include <cstdint>
#include <string_view>

namespace fluxgate {

// `created_ns` is what replies give as the time of creation of everything.
Reply ListOrgs(std::string_view query, int64_t created_ns);
Reply ListBuckets(std::string_view query, const DatabaseRegistry& databases, int64_t created_ns);

// Makes a database of the bucket that `body` describes.
Reply CreateBucket(std::string_view query, std::string_view body, int64_t created_ns,
                   DatabaseRegistry* databases);

// GET: that nothing is to be set up; POST: that it has been.
Reply AnswerSetup(bool is_post);

}  // namespace fluxgate
