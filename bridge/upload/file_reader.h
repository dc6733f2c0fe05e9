// Reads one uploaded file, whatever its form, as it comes in pieces.
//
// A file that is gzip by its first bytes is inflated. The form of what then is there is found by
// its start (point_source.h).
// Use: Write() every piece, and Continue() while it has more; then End(). Points and errors go to
// the sink meanwhile. Lifetime: uses the rules and the sink of its maker; views a piece until it
// has no more of it. Errors: bad lines go to the sink; a broken gzip stream, or too large a file,
// is the failed Status of Write() or End() and final: what came before it stays good. Bounds: 64
// KiB and the longest line, and 120 KiB more for gzip. Thread: compatible.
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
  // `inflated_size_max`: the bytes that a gzip file may inflate to.
  FileReader(const ReportRules* rules, const influx::ReaderOptions& options,
             uint64_t inflated_size_max, PointSink* sink);

  // The time of what comes without one from now on.
  void SetDefaultTime(int64_t default_time_ns);

  // A few bytes of a gzip file may become many: then it has more, and others may have their turn
  // between this and each Continue().
  absl::Status Write(std::string_view bytes);
  bool has_more() const { return has_more_; }
  absl::Status Continue() { return Inflate(); }

  // The file is at its end. A file that is not `whole`, because its sender broke off, ends with its
  // last complete line, and what it has more of is passed over; of a report what is known to lack
  // nothing is kept.
  absl::Status End(bool whole);

  // kEmpty as long as it was not found.
  UploadFormat format() const { return format_; }
  bool is_gzip() const { return decoder_.has_value(); }
  uint64_t inflated_size() const { return decoder_ ? decoder_->output_size() : 0; }

 private:
  absl::Status WriteCoded(std::string_view bytes);
  absl::Status Inflate();
  void WriteText(std::string_view bytes);
  void ReadText(bool last);
  void FindFormat();
  void TakePoints();

  const ReportRules* const rules_;
  influx::ReaderOptions options_;
  const uint64_t inflated_size_max_;
  PointSink* const sink_;
  std::vector<char> magic_;  // the first bytes, until there are enough
  bool magic_known_ = false;
  std::optional<BodyDecoder> decoder_;
  bool has_more_ = false;  // of a piece is not inflated
  bool failed_ = false;
  std::vector<char> inflated_;
  std::vector<char> text_;  // not yet read
  size_t text_size_ = 0;
  UploadFormat format_ = UploadFormat::kEmpty;
  std::unique_ptr<PointSource> source_;
};

}  // namespace fluxgate
