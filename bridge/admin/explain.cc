#include "bridge/admin/explain.h"

#include "protocol/influx/line_reader.h"

#include "bridge/admin/explain_json.h"

#include <absl/strings/str_format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>

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

class Explainer {
 public:
  Explainer(const ExplainOptions& options, const Mapping& mapping, std::ostream* out)
      : options_(options),
        mapping_(mapping),
        oldest_current_time_(OldestCurrentTime(options)),
        out_(out) {}

  // False when `in` could not be read to its end.
  bool ExplainStream(std::istream* in);

  bool has_bad_lines() const { return has_bad_lines_; }

 private:
  void ExplainLines(influx::LineReader* reader);

  const ExplainOptions& options_;
  const Mapping& mapping_;
  const int64_t oldest_current_time_;
  std::ostream* const out_;
  bool has_bad_lines_ = false;
};

bool Explainer::ExplainStream(std::istream* in) {
  influx::LineReader reader(ReaderOptionsOf(options_));
  std::string unread;
  bool last = false;
  while (!last && *out_) {
    const size_t size = unread.size();
    unread.resize(size + kReadSize);
    in->read(&unread[size], kReadSize);
    if (in->bad()) {
      return false;
    }
    unread.resize(size + static_cast<size_t>(in->gcount()));
    last = in->eof();
    reader.SetInput(unread, last);
    ExplainLines(&reader);
    unread.erase(0, reader.consumed());
  }
  return true;
}

void Explainer::ExplainLines(influx::LineReader* reader) {
  using Result = influx::LineReader::Result;
  while (true) {
    switch (reader->Next()) {
      case Result::kPoint:
        *out_ << ExplainPoint(reader->point(), reader->point().time_ns < oldest_current_time_,
                              mapping_);
        break;
      case Result::kError:
        *out_ << ExplainError(reader->error());
        has_bad_lines_ = true;
        break;
      case Result::kNeedMore:
      case Result::kEnd:
        return;
    }
  }
}

bool ExplainPath(const std::string& path, Explainer* explainer, std::istream* in) {
  if (path == "-") {
    return explainer->ExplainStream(in);
  }
  std::ifstream file(path, std::ios::binary);
  return file && explainer->ExplainStream(&file);
}

}  // namespace

int Explain(const ExplainOptions& options, const Mapping& mapping,
            std::span<const std::string> paths, std::istream& in, std::ostream& out,
            std::ostream& err) {
  const std::string standard_input = "-";
  Explainer explainer(options, mapping, &out);
  for (const std::string& path : paths.empty() ? std::span(&standard_input, 1) : paths) {
    errno = 0;
    if (!ExplainPath(path, &explainer, &in)) {
      const char* const cause = errno != 0 ? std::strerror(errno) : "read error";
      err << absl::StrFormat("fluxgate explain: cannot read %s: %s\n", path, cause);
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
