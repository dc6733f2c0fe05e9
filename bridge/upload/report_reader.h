// Reads a report by its rules.
//
// A report's host and date may stand anywhere in it, so its points come when it is complete: all
// with the report's tags and its time, of which the last ones count. Without a date they have the
// reader's default time.
// Input, lifetime: as LineReader; lines end in LF or CR LF; blank lines are passed over.
// Errors: a line that no rule matches yields kError, as does one whose values are no numbers or
// whose date is none. Of a report that breaks off the points are given only when every tag and the
// date that the rules know of have come; else each is an error, as nobody knows whose it is.
// The report's tags have at most kSeriesKeySizeMax bytes together; a line that goes beyond is an
// error, and so are then all points, whose tags they were to be. So is what is made of tags beyond
// kMadeSizeMax bytes in all points.
// Bounds: kPointsMax points are kept, with kTextSizeMax bytes of texts in them and in the report's
// tags; a line that goes beyond is an error. Besides the texts a point takes about 150 bytes, and
// each of its tags and fields about 60. Of a line longer than max_line_size nothing is kept.
// Thread: compatible.
#pragma once

#include "protocol/influx/line_reader.h"
#include "protocol/influx/point_builder.h"

#include "bridge/upload/report_rules.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fluxgate {

class ReportReader {
 public:
  static constexpr size_t kPointsMax = 10'000;
  static constexpr size_t kTextSizeMax = size_t{1} << 20;
  static constexpr size_t kMadeSizeMax = size_t{8} << 20;
  using Result = influx::LineReader::Result;

  // Of the options: default_time_ns and max_line_size.
  ReportReader(const ReportRules* rules, const influx::ReaderOptions& options);

  // As LineReader::SetDefaultTime.
  void SetDefaultTime(int64_t default_time_ns) { options_.default_time_ns = default_time_ns; }

  // As LineReader::SetInput.
  void SetInput(std::string_view bytes, bool last);

  Result Next();

  // Nothing more comes: the report broke off behind the last complete line.
  void EndEarly() { ended_early_ = true; }

  const influx::Point& point() const { return point_; }
  const influx::LineError& error() const { return error_; }
  size_t consumed() const { return position_; }

  // The bytes of the report's tags in the points so far.
  uint64_t made_size() const { return made_size_; }

 private:
  using Tags = std::vector<std::pair<std::string, std::string>>;
  struct Draft {
    uint64_t line_number = 0;
    std::string text;
    std::string measurement;
    Tags tags;
    std::vector<std::pair<std::string, double>> fields;
  };

  enum class Line : uint8_t { kTaken, kBad, kNeedMore, kNone };
  Line TakeLine();
  bool TakeText(std::string_view text);
  bool TakeRule(const ReportRule& rule, std::string_view text);
  bool SetReportTag(const std::string& key, std::string value, std::string_view text);
  bool AddDraft(const ReportRule& rule, std::string_view text);
  Result NextDraft();
  void BuildDraft(const Draft& draft);
  bool RefuseDraft(const Draft& draft);
  bool LacksNothing() const;
  bool Fail(influx::LineErrorCode code, std::string_view text, std::string token = {});

  const ReportRules* const rules_;
  influx::ReaderOptions options_;
  std::string_view input_;
  bool last_ = false;
  size_t position_ = 0;
  uint64_t line_number_ = 0;
  bool skips_ = false;  // the rest of a line that was too long
  bool ended_early_ = false;

  std::vector<re2::StringPiece> groups_;
  std::vector<Draft> drafts_;
  size_t next_draft_ = 0;
  size_t text_size_ = 0;  // of the drafts and the report's tags
  Tags report_tags_;
  size_t report_tags_size_ = 0;
  influx::LineError refusal_;  // of a report tag
  bool has_refusal_ = false;
  uint64_t made_size_ = 0;
  std::optional<int64_t> time_ns_;

  influx::PointBuilder builder_;
  influx::Point point_;
  influx::LineError error_;
  std::string token_;
};

}  // namespace fluxgate
