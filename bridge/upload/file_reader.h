// Reads one uploaded file, whatever its form, as it comes in pieces.
//
// A file that is gzip by its first bytes is inflated. The form of what then is there is found by
// its start (point_source.h).
// Use: Write() every piece, and Continue() while it has more; then End(), and Continue() again.
// Points and errors go to the sink meanwhile. Each of these calls takes a turn of bounded work, so
// that others may have theirs between two of them.
// Lifetime: uses the rules and the sink of its maker; views a piece until it has no more of it.
// Errors: bad lines go to the sink; a broken gzip stream, or too large a file, is the failed Status
// of one of the calls and final: what came before it stays good. A file is too large when it
// inflates to more than inflated_size_max, or when its points take as much beyond 16 times its text
// (PointSource::made_size).
// Bounds: 64 KiB and the longest line, and 120 KiB more for gzip. A turn is 256 KiB of text and of
// what is made of it, each line counted as 64 bytes more.
// Thread: compatible.
#pragma once

#include "bridge/ingest/body_decoder.h"
#include "bridge/upload/point_source.h"

#include <absl/status/status.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace fluxgate {

// Told what a file brings. Views last for the call only.
class PointSink {
 public:
  virtual ~PointSink() = default;
  virtual void TakePoint(const influx::Point& point, const PointSource& source) = 0;
  virtual void TakeError(const influx::LineError& error) = 0;
};

class FileReader {
 public:
  FileReader(const ReportRules* rules, const influx::ReaderOptions& options,
             uint64_t inflated_size_max, PointSink* sink);

  // The time of what comes without one from now on.
  void SetDefaultTime(int64_t default_time_ns);

  absl::Status Write(std::string_view bytes);
  bool has_more() const { return has_more_; }
  absl::Status Continue();

  // The file is at its end. A file that is not `whole`, because its sender broke off, ends with its
  // last complete line, at once: what it has more of than kLastTurns is passed over; of a report
  // what is known to lack nothing is kept.
  absl::Status End(bool whole);
  static constexpr int kLastTurns = 64;

  // The work of the last call, in bytes.
  size_t turn_size() const { return turn_size_; }

  // kEmpty as long as it was not found.
  UploadFormat format() const { return format_; }
  bool is_gzip() const { return decoder_.has_value(); }
  // What counts against inflated_size_max.
  uint64_t inflated_size() const;

 private:
  // What is left to do when there is nothing to read.
  enum class Step : uint8_t { kOpen, kInflateRest, kReadRest, kCutOff, kEnded };

  absl::Status Go();
  bool TakeStep();
  absl::Status Inflate();
  void TakeText();
  void FindFormat();
  void BeginReading(bool last);
  absl::Status ReadPoints();
  void EndReading();
  absl::Status Fail(const absl::Status& status);
  void PassOver();
  uint64_t MadeBeyond() const;

  const ReportRules* const rules_;
  influx::ReaderOptions options_;
  const uint64_t inflated_size_max_;
  PointSink* const sink_;
  std::vector<char> magic_;  // the first bytes, until there are enough
  bool magic_known_ = false;
  std::optional<BodyDecoder> decoder_;
  bool is_inflating_ = false;  // of a piece is not inflated
  std::vector<char> inflated_;
  std::string_view unread_;  // of a piece, or inflated
  std::vector<char> text_;   // not yet read
  size_t text_size_ = 0;
  uint64_t text_total_ = 0;     // so far
  bool has_long_line_ = false;  // text_ has no room for its end
  UploadFormat format_ = UploadFormat::kEmpty;
  std::unique_ptr<PointSource> source_;
  bool is_reading_ = false;  // the source is given text_
  Step step_ = Step::kOpen;
  bool whole_ = true;
  bool failed_ = false;
  bool has_more_ = false;
  size_t turn_size_ = 0;
};

}  // namespace fluxgate
