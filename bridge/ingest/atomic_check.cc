#include "bridge/ingest/atomic_check.h"

#include "protocol/influx/line_error.h"
#include "protocol/influx/line_reader.h"

#include "bridge/ingest/batch_writer.h"

#include <string>
#include <utility>

namespace fluxgate {
namespace {

Rejection ToRejection(const influx::LineError& error, const WriteParams& params,
                      std::string_view peer, const Now& now) {
  Rejection rejection;
  rejection.time_ns = now.wall_ns;
  rejection.peer = peer;
  rejection.database = params.database;
  rejection.text = error.text.substr(0, RejectionLog::kTextSizeMax);
  rejection.detail = influx::Reason(error).substr(0, RejectionLog::kTextSizeMax);
  return rejection;
}

}  // namespace

BatchResult CheckBatch(Ingest* ingest, const WriteParams& params, std::string_view peer,
                       std::string_view body, const Now& now) {
  BatchResult result;
  uint64_t good_lines = 0;
  influx::ReaderOptions options = ReaderOptionsOf(ingest->options(), params, now);
  options.defer_tags = false;
  influx::LineReader reader(options);
  reader.SetInput(body, true);
  for (;;) {
    switch (reader.Next()) {
      case influx::LineReader::Result::kPoint:
        good_lines += reader.point().is_continuation ? 0U : 1U;
        continue;
      case influx::LineReader::Result::kNothing:
        continue;
      case influx::LineReader::Result::kError:
        break;
      case influx::LineReader::Result::kNeedMore:
      case influx::LineReader::Result::kEnd:
        if (result.bad_lines.count() > 0 && good_lines > 0) {
          result.reasons.rejected_lines[kAtomicBatchReason] = good_lines;
        }
        return result;
    }
    const influx::LineError error = Shortened(reader.error());
    const std::string_view reason = influx::Name(error.code);
    if (result.reasons.rejected_lines[reason]++ < RejectionLog::kPerReason) {
      ingest->rejections().Add(reason, ToRejection(error, params, peer, now));
    }
    if (!result.bad_lines.is_full()) {
      result.bad_lines.Add(error.line_number, influx::Message(error), error.text);
    }
  }
}

}  // namespace fluxgate
