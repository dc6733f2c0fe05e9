#include "bridge/upload/point_source.h"

#include "protocol/influx/annotated_csv_reader.h"
#include "protocol/influx/export_reader.h"

#include "bridge/upload/report_reader.h"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

namespace fluxgate {
namespace {

constexpr size_t kLinesCompared = 64;

template <typename Reader>
class SourceOf final : public PointSource {
 public:
  template <typename... Arguments>
  explicit SourceOf(Arguments&&... arguments) : reader_(std::forward<Arguments>(arguments)...) {}

  void SetDefaultTime(int64_t default_time_ns) override { reader_.SetDefaultTime(default_time_ns); }
  void SetInput(std::string_view bytes, bool last) override { reader_.SetInput(bytes, last); }
  Result Next() override { return reader_.Next(); }
  const influx::Point& point() const override { return reader_.point(); }
  const influx::LineError& error() const override { return reader_.error(); }
  size_t consumed() const override { return reader_.consumed(); }
  uint64_t made_size() const override {
    if constexpr (requires { reader_.made_size(); }) {
      return reader_.made_size();
    }
    return 0;
  }
  void EndEarly() override {
    if constexpr (std::is_same_v<Reader, ReportReader>) {
      reader_.EndEarly();
    }
  }

  std::string_view database() const override {
    if constexpr (std::is_same_v<Reader, influx::ExportReader>) {
      return reader_.database();
    }
    return {};
  }
  std::string_view retention_policy() const override {
    if constexpr (std::is_same_v<Reader, influx::ExportReader>) {
      return reader_.retention_policy();
    }
    return {};
  }

 private:
  Reader reader_;
};

std::string_view TrimBlanks(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  const size_t end = text.find_last_not_of(kBlanks) + 1;
  return begin < end ? text.substr(begin, end - begin) : std::string_view();
}

// How many of the first lines are points. A bare value is none here: `rpm: 104` looks like one.
size_t CountPoints(std::string_view head) {
  influx::ReaderOptions options;
  options.fields_max = 1;
  influx::LineReader reader(options);
  reader.SetInput(head, true);
  size_t points = 0;
  for (size_t lines = 0; lines < kLinesCompared;) {
    const influx::LineReader::Result result = reader.Next();
    if (result == influx::LineReader::Result::kEnd) {
      break;
    }
    const bool is_point = result == influx::LineReader::Result::kPoint;
    if (is_point && reader.point().is_continuation) {
      continue;
    }
    ++lines;
    points += is_point && !reader.point().leniency.bare_value ? 1U : 0U;
  }
  return points;
}

size_t CountMatches(std::string_view head, const ReportRules& rules) {
  size_t matches = 0;
  std::vector<re2::StringPiece> groups;
  for (size_t lines = 0; lines < kLinesCompared && !head.empty(); ++lines) {
    const size_t end = std::min(head.find('\n'), head.size());
    const std::string_view line = TrimBlanks(head.substr(0, end));
    if (!line.empty() && rules.Match(line, &groups) != nullptr) {
      ++matches;
    }
    head.remove_prefix(std::min(end + 1, head.size()));
  }
  return matches;
}

}  // namespace

std::string_view Name(UploadFormat format) {
  constexpr std::array<std::string_view, 5> kNames = {"empty", "annotated_csv", "export",
                                                      "line_protocol", "report"};
  return kNames[static_cast<size_t>(format)];
}

UploadFormat DetectFormat(std::string_view head, const ReportRules* rules) {
  if (head.empty()) {
    return UploadFormat::kEmpty;
  }
  if (influx::StartsAnnotatedCsv(head)) {
    return UploadFormat::kAnnotatedCsv;
  }
  if (influx::StartsExport(head)) {
    return UploadFormat::kExport;
  }
  if (rules != nullptr && CountMatches(head, *rules) > CountPoints(head)) {
    return UploadFormat::kReport;
  }
  return UploadFormat::kLineProtocol;
}

std::unique_ptr<PointSource> MakePointSource(UploadFormat format, const ReportRules* rules,
                                             const influx::ReaderOptions& options) {
  switch (format) {
    case UploadFormat::kAnnotatedCsv:
      return std::make_unique<SourceOf<influx::AnnotatedCsvReader>>(options);
    case UploadFormat::kExport:
      return std::make_unique<SourceOf<influx::ExportReader>>(options);
    case UploadFormat::kReport:
      return std::make_unique<SourceOf<ReportReader>>(rules, options);
    case UploadFormat::kEmpty:
    case UploadFormat::kLineProtocol:
      break;
  }
  return std::make_unique<SourceOf<influx::LineReader>>(options);
}

}  // namespace fluxgate
