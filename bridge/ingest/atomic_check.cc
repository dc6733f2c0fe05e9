#include "bridge/ingest/atomic_check.h"

#include "bridge/ingest/batch_writer.h"

#include <algorithm>
#include <string>
#include <utility>

namespace fluxgate {
namespace {

// Read at a time.
constexpr size_t kPieceSize = size_t{64} << 10;

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

influx::ReaderOptions CheckOptions(const Ingest& ingest, const WriteParams& params,
                                   const Now& now) {
  influx::ReaderOptions options = ReaderOptionsOf(ingest.options(), params, now);
  options.defer_tags = false;
  return options;
}

}  // namespace

AtomicCheck::AtomicCheck(Ingest* ingest, const WriteParams& params, std::string_view peer,
                         const Now& now)
    : ingest_(ingest), params_(params), peer_(peer), reader_(CheckOptions(*ingest, params, now)) {}

void AtomicCheck::Read(std::string_view body, bool last, const Now& now) {
  const std::string_view rest = body.substr(read_);
  if (rest.size() < wanted_ && !last) {
    return;
  }
  reader_.SetInput(rest, last);
  for (;;) {
    switch (reader_.Next()) {
      case influx::LineReader::Result::kPoint:
        good_lines_ += reader_.point().is_continuation ? 0U : 1U;
        break;
      case influx::LineReader::Result::kNothing:
        break;
      case influx::LineReader::Result::kError:
        AddBadLine(reader_.error(), now);
        break;
      case influx::LineReader::Result::kNeedMore:
      case influx::LineReader::Result::kEnd:
        read_ += reader_.consumed();
        wanted_ = std::max(kPieceSize, 2 * (body.size() - read_));
        return;
    }
  }
}

void AtomicCheck::AddBadLine(const influx::LineError& whole, const Now& now) {
  const influx::LineError error = Shortened(whole);
  const std::string_view reason = influx::Name(error.code);
  if (result_.reasons.rejected_lines[reason]++ < RejectionLog::kPerReason) {
    ingest_->rejections().Add(reason, ToRejection(error, params_, peer_, now));
  }
  if (result_.bad_lines.is_full()) {
    result_.bad_lines.Add(error.line_number, {}, {});
    return;
  }
  result_.bad_lines.Add(error.line_number, influx::Message(error), error.text);
}

BatchResult AtomicCheck::TakeResult() {
  if (result_.bad_lines.count() > 0 && good_lines_ > 0) {
    result_.reasons.rejected_lines[kAtomicBatchReason] = good_lines_;
  }
  return std::exchange(result_, {});
}

}  // namespace fluxgate
