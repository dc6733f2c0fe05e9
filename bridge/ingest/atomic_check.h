// Reads the lines of a batch that is to be stored as a whole or not at all, and stores nothing.
//
// Lifetime: uses the Ingest, parameters and peer of its maker; keeps no view of the body.
// Errors: bad lines are part of the result, as BatchWriter would tell them; when there is one, all
// good lines count as rejected too, for the reason `atomic_batch`.
// Bounds: reads as the body comes in; of what it has read only a line without its end is read
// again, when as much again has come. Thread: compatible. Spec: InfluxDB 3.x /api/v3/write_lp,
// accept_partial=false.
#pragma once

#include "protocol/influx/line_error.h"
#include "protocol/influx/line_reader.h"

#include "bridge/base/clock.h"
#include "bridge/ingest/batch_result.h"
#include "bridge/ingest/ingest.h"
#include "bridge/ingest/write_params.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fluxgate {

inline constexpr std::string_view kAtomicBatchReason = "atomic_batch";

class AtomicCheck {
 public:
  AtomicCheck(Ingest* ingest, const WriteParams& params, std::string_view peer, const Now& now);

  // Reads the lines of `body` that it has not read; `body` begins with what it was the last time.
  // `last`: nothing follows. Bad lines go to the rejection log.
  void Read(std::string_view body, bool last, const Now& now);

  uint64_t line_count() const { return good_lines_ + result_.bad_lines.count(); }

  // Of the whole body.
  BatchResult TakeResult();

 private:
  void AddBadLine(const influx::LineError& error, const Now& now);

  Ingest* const ingest_;
  const WriteParams& params_;
  const std::string_view peer_;
  influx::LineReader reader_;
  size_t read_ = 0;    // bytes of the body
  size_t wanted_ = 0;  // beyond those, before it reads on
  uint64_t good_lines_ = 0;
  BatchResult result_;
};

}  // namespace fluxgate
