// What became of one batch, collected while it is read.
//
// Lifetime: reasons are static strings.
// Bounds: of bad lines, the first kLinesMax and kTextSizeMax bytes of text are kept, the others
// counted.
// Thread: compatible.
#pragma once

#include "protocol/influx/line_error.h"

#include "bridge/ingest/reply.h"
#include "bridge/ingest/write_counters.h"
#include "bridge/ingest/write_params.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate {

// The bad lines of a batch, in line order.
class BadLines {
 public:
  static constexpr size_t kLinesMax = 20;
  static constexpr size_t kTextSizeMax = 4096;  // bytes, of all messages together

  static constexpr size_t kStartSizeMax = 20;  // bytes, of a line

  struct Line {
    uint64_t number;
    std::string message;
    std::string start;  // of the line
  };

  // `message` says what is wrong with the line: "unable to parse ...". Of `start` the first
  // kStartSizeMax bytes are kept.
  void Add(uint64_t line_number, std::string_view message, std::string_view start);

  uint64_t count() const { return count_; }
  std::span<const Line> lines() const { return lines_; }

  // Whether further lines will only be counted.
  bool is_full() const { return lines_.size() == kLinesMax || text_size_ >= kTextSizeMax; }

  // The messages, one a line, then "and N more" if there were more.
  std::string Text(bool with_line_numbers) const;

 private:
  std::vector<Line> lines_;
  size_t text_size_ = 0;
  uint64_t count_ = 0;
};

// The error with no more of its line and its token than a reply tells: texts of it stay small.
influx::LineError Shortened(const influx::LineError& error);

struct BatchResult {
  WriteTotals totals;
  WriteReasons reasons;
  BadLines bad_lines;
};

// Whether one of these drops is owed to a limit of the sample itself: what the sender meant is not
// all there. Limits of the number of series do not count: a snapshot that takes its old series away
// makes room for the next.
bool HitsLimit(const ReasonCounts& dropped_samples);

// The reply to a batch that was read to its end: 204, or 400 in the shape of the API that tells of
// the bad lines.
Reply BatchReply(WriteProtocol protocol, const BatchResult& result);

// The reply to a batch of which nothing was stored because of its first bad line. There is one.
Reply AtomicReply(const BatchResult& result);

}  // namespace fluxgate
