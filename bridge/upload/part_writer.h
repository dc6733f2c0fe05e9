// Stores the points of one uploaded file, and keeps what is to be told of it.
//
// Lifetime: uses the Ingest, rules and texts of its maker; copies the points' text until they are
// stored.
// Errors: bad lines are part of the outcome; a file that cannot be read further is the Status of
// Write() or End().
// Bounds: as FileReader; a window of points with 64 KiB of text, or those of one line.
// Thread: compatible.
#pragma once

#include "bridge/base/clock.h"
#include "bridge/ingest/batch_writer.h"
#include "bridge/ingest/ingest.h"
#include "bridge/upload/file_reader.h"

#include <absl/status/status.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate {

// What became of one file.
struct PartOutcome {
  std::string name;      // of the form field
  std::string filename;  // empty: none was given
  UploadFormat format = UploadFormat::kEmpty;
  bool is_gzip = false;
  uint64_t points = 0;
  uint64_t samples = 0;
  uint64_t bad_line_count = 0;
  std::vector<BadLines::Line> bad_lines;  // the first ones
  ReasonCounts dropped_samples;
  std::string error;  // why it could not be read to its end
};

class PartWriter final : private PointSink {
 public:
  // `params` say where lines go that do not say it themselves. `body`: of a group, as
  // BatchWriter::SetBody.
  PartWriter(Ingest* ingest, const ReportRules* rules, const WriteParams& params,
             const GroupBody* body, std::string_view peer, const Now& now,
             uint64_t inflated_size_max);

  void SetNow(const Now& now);

  // As FileReader.
  absl::Status Write(std::string_view bytes) { return file_.Write(bytes); }
  bool has_more() const { return file_.has_more(); }
  absl::Status Continue();
  absl::Status End(bool whole);
  size_t turn_size() const { return file_.turn_size(); }

  // Complete when the file is at its end and has no more.
  PartOutcome& outcome() { return outcome_; }
  uint64_t inflated_size() const { return file_.inflated_size(); }

 private:
  void TakePoint(const influx::Point& point, const PointSource& source) override;
  void TakeError(const influx::LineError& error) override;
  BatchWriter& Writer();
  void BeginContext(const PointSource& source);
  void EndContext();
  void Close();
  void Flush();
  std::string_view Keep(std::string_view text);

  Ingest* const ingest_;
  const GroupBody* const body_;
  const std::string_view peer_;
  Now now_;
  const WriteParams given_params_;
  WriteParams params_;                 // of the lines that come now
  bool is_elsewhere_ = false;          // the file itself says where they go
  std::optional<BatchWriter> writer_;  // uses params_
  std::vector<char> text_;             // of the points in the writer's window
  size_t text_size_ = 0;
  std::vector<influx::Field> fields_;
  size_t window_size_ = 0;
  size_t bad_text_size_ = 0;  // of the outcome's bad lines
  PartOutcome outcome_;
  bool is_ending_ = false;
  FileReader file_;
};

}  // namespace fluxgate
