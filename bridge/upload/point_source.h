// The forms in which uploads bring points, and one way to read them all.
//
// Thread: compatible.
#pragma once

#include "protocol/influx/line_reader.h"

#include "bridge/upload/report_rules.h"

#include <cstdint>
#include <memory>
#include <string_view>

namespace fluxgate {

enum class UploadFormat : uint8_t { kEmpty, kAnnotatedCsv, kExport, kLineProtocol, kReport };

// As replies show it: `annotated_csv`.
std::string_view Name(UploadFormat format);

// The format of a text by its start, `head`. Line protocol and a report are told apart by what more
// of the first lines fit; a report has rules (null: none).
UploadFormat DetectFormat(std::string_view head, const ReportRules* rules);

// What `head` must hold for DetectFormat, if the text is longer.
inline constexpr size_t kFormatHeadSize = size_t{16} << 10;

// A reader of points, as influx::LineReader describes it.
class PointSource {
 public:
  using Result = influx::LineReader::Result;

  virtual ~PointSource() = default;
  virtual void SetDefaultTime(int64_t default_time_ns) = 0;
  virtual void SetInput(std::string_view bytes, bool last) = 0;
  virtual Result Next() = 0;
  virtual const influx::Point& point() const = 0;
  virtual const influx::LineError& error() const = 0;
  virtual size_t consumed() const = 0;

  // The bytes of names and values that were made of the text so far, where a few of its bytes may
  // become many.
  virtual uint64_t made_size() const = 0;

  // Nothing more comes, though the text is not at its end: what waited for it comes now, or is told
  // as an error.
  virtual void EndEarly() = 0;

  // Where the text itself says that the point goes; empty where it does not.
  virtual std::string_view database() const { return {}; }
  virtual std::string_view retention_policy() const { return {}; }
};

std::unique_ptr<PointSource> MakePointSource(UploadFormat format, const ReportRules* rules,
                                             const influx::ReaderOptions& options);

}  // namespace fluxgate
