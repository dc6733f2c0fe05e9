// Reads the lines of a batch that is to be stored as a whole or not at all, and stores nothing.
//
// Lifetime: keeps no view of the body.
// Errors: bad lines are part of the result, as BatchWriter would tell them; when there is one, all
// good lines count as rejected too, for the reason `atomic_batch`.
// Bounds: one pass.
// Thread: compatible.
// Spec: InfluxDB 3.x /api/v3/write_lp, accept_partial=false.
#pragma once

#include "bridge/base/clock.h"
#include "bridge/ingest/batch_result.h"
#include "bridge/ingest/ingest.h"
#include "bridge/ingest/write_params.h"

#include <string_view>

namespace fluxgate {

inline constexpr std::string_view kAtomicBatchReason = "atomic_batch";

// Bad lines go to the rejection log.
BatchResult CheckBatch(Ingest* ingest, const WriteParams& params, std::string_view peer,
                       std::string_view body, const Now& now);

}  // namespace fluxgate
