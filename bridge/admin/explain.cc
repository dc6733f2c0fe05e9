#include "bridge/admin/explain.h"

#include "bridge/admin/explain_json.h"
#include "bridge/base/status_macros.h"
#include "bridge/upload/file_reader.h"

#include <absl/strings/str_format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>
#include <vector>

namespace fluxgate {
namespace {

constexpr size_t kReadSize = size_t{64} << 10;

enum ExitCode { kAllGood = 0, kBadLines = 1, kFailed = 2 };

influx::ReaderOptions ReaderOptionsOf(const ExplainOptions& options) {
  influx::ReaderOptions reader_options;
  reader_options.precision = options.precision;
  reader_options.default_time_ns = options.now_ns;
  reader_options.strict = options.strict;
  reader_options.max_line_size = options.line_size_max;
  return reader_options;
}

// Points before this are historic.
int64_t OldestCurrentTime(const ExplainOptions& options) {
  constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
  const int64_t age_max = options.max_sample_age_ns;
  return age_max <= 0 || options.now_ns < kMin + age_max ? kMin : options.now_ns - age_max;
}

class Explainer final : private PointSink {
 public:
  Explainer(const ExplainOptions& options, const Mapping& mapping, const ReportRules* rules,
            std::ostream* out)
      : options_(options),
        mapping_(mapping),
        rules_(rules),
        oldest_current_time_(OldestCurrentTime(options)),
        out_(out) {}

  // Says what is wrong when `in` could not be read to its end.
  absl::Status ExplainStream(std::istream* in);

  bool has_bad_lines() const { return has_bad_lines_; }

 private:
  void TakePoint(const influx::Point& point, const PointSource& /*source*/) override {
    *out_ << ExplainPoint(point, point.time_ns < oldest_current_time_, mapping_);
  }
  void TakeError(const influx::LineError& error) override {
    *out_ << ExplainError(error);
    has_bad_lines_ = true;
  }

  const ExplainOptions& options_;
  const Mapping& mapping_;
  const ReportRules* const rules_;
  const int64_t oldest_current_time_;
  std::ostream* const out_;
  bool has_bad_lines_ = false;
};

absl::Status Explainer::ExplainStream(std::istream* in) {
  FileReader file(rules_, ReaderOptionsOf(options_), options_.inflated_size_max, this);
  std::vector<char> piece(kReadSize);
  while (*out_ && !in->eof()) {
    in->read(piece.data(), kReadSize);
    if (in->bad()) {
      return absl::UnknownError(errno != 0 ? std::strerror(errno) : "read error");
    }
    RETURN_IF_ERROR(file.Write({piece.data(), static_cast<size_t>(in->gcount())}));
    while (file.has_more()) {
      RETURN_IF_ERROR(file.Continue());
    }
  }
  RETURN_IF_ERROR(file.End(true));
  while (file.has_more()) {
    RETURN_IF_ERROR(file.Continue());
  }
  return absl::OkStatus();
}

absl::Status ExplainPath(const std::string& path, Explainer* explainer, std::istream* in) {
  if (path == "-") {
    return explainer->ExplainStream(in);
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return absl::UnknownError(errno != 0 ? std::strerror(errno) : "read error");
  }
  return explainer->ExplainStream(&file);
}

}  // namespace

int Explain(const ExplainOptions& options, const Mapping& mapping, const ReportRules* rules,
            std::span<const std::string> paths, std::istream& in, std::ostream& out,
            std::ostream& err) {
  const std::string standard_input = "-";
  Explainer explainer(options, mapping, rules, &out);
  for (const std::string& path : paths.empty() ? std::span(&standard_input, 1) : paths) {
    errno = 0;
    if (const absl::Status status = ExplainPath(path, &explainer, &in); !status.ok()) {
      err << absl::StrFormat("fluxgate explain: cannot read %s: %s\n", path,
                             std::string(status.message()));
      return kFailed;
    }
  }
  if (!out.flush()) {
    err << "fluxgate explain: cannot write the output\n";
    return kFailed;
  }
  return explainer.has_bad_lines() ? kBadLines : kAllGood;
}

}  // namespace fluxgate
