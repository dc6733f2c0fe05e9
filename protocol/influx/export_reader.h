// Reads files of `influx_inspect export`: line protocol with comments that name its database.
//
// Between `# DDL` and `# DML` stand statements, which are passed over: databases need not be
// created. `# CONTEXT-DATABASE:` and `# CONTEXT-RETENTION-POLICY:` say where the lines below go.
// Input, units, lifetime, bounds: as LineReader.
// Errors: as LineReader; a name of more than kNameSizeMax bytes, and then each point that would go
// there: it belongs nowhere else.
// Thread: compatible.
// Spec: influx_inspect export, influx -import.
#pragma once

#include "protocol/influx/line_reader.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fluxgate::influx {

// Whether `head`, the start of some text, announces an export.
bool StartsExport(std::string_view head);

class ExportReader {
 public:
  using Result = LineReader::Result;
  static constexpr size_t kNameSizeMax = 255;  // of a database or a retention policy, bytes

  explicit ExportReader(const ReaderOptions& options);

  // As LineReader::SetDefaultTime.
  void SetDefaultTime(int64_t default_time_ns) { lines_.SetDefaultTime(default_time_ns); }

  // As LineReader::SetInput.
  void SetInput(std::string_view bytes, bool last);

  Result Next();

  const Point& point() const { return lines_.point(); }
  const LineError& error() const { return error_; }
  size_t consumed() const { return lines_.consumed(); }

  // Where the point goes; empty as long as nothing was said.
  const std::string& database() const { return database_.name; }
  const std::string& retention_policy() const { return retention_policy_.name; }

 private:
  // Where points go.
  struct Place {
    std::string name;
    size_t overlong_size = 0;  // of a name that is too long; else 0
  };

  Result PassToLine();
  bool TakeComment(std::string_view line, bool is_long);
  bool TakeName(std::string_view text, bool is_long, Place* place) const;
  size_t overlong_size() const {
    return std::max(database_.overlong_size, retention_policy_.overlong_size);
  }
  void SetNameError(uint64_t line_number, std::string_view text);

  LineReader lines_;
  const size_t comment_size_max_;
  std::string_view input_;
  bool last_ = false;
  bool in_line_ = false;
  bool in_statements_ = false;
  bool skips_ = false;  // the rest of a comment or a statement that was too long
  Place database_;
  Place retention_policy_;
  LineError error_;
};

}  // namespace fluxgate::influx
