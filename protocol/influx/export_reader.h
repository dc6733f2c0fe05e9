// Reads files of `influx_inspect export`: line protocol with comments that name its database.
//
// Between `# DDL` and `# DML` stand statements, which are passed over: databases need not be
// created. `# CONTEXT-DATABASE:` and `# CONTEXT-RETENTION-POLICY:` say where the lines below go.
// Input, units, lifetime, errors, bounds: as LineReader. A comment of more than max_line_size bytes
// is no header.
// Thread: compatible.
// Spec: influx_inspect export, influx -import.
#pragma once

#include "protocol/influx/line_reader.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace fluxgate::influx {

// Whether `head`, the start of some text, announces an export.
bool StartsExport(std::string_view head);

class ExportReader {
 public:
  using Result = LineReader::Result;

  explicit ExportReader(const ReaderOptions& options);

  // As LineReader::SetDefaultTime.
  void SetDefaultTime(int64_t default_time_ns) { lines_.SetDefaultTime(default_time_ns); }

  // As LineReader::SetInput.
  void SetInput(std::string_view bytes, bool last);

  Result Next();

  const Point& point() const { return lines_.point(); }
  const LineError& error() const { return lines_.error(); }
  size_t consumed() const { return lines_.consumed(); }

  // Where the point goes; empty as long as nothing was said.
  const std::string& database() const { return database_; }
  const std::string& retention_policy() const { return retention_policy_; }

 private:
  bool PassToLine();
  void TakeComment(std::string_view line);

  LineReader lines_;
  const size_t comment_size_max_;
  std::string_view input_;
  bool last_ = false;
  bool in_line_ = false;
  bool in_statements_ = false;
  bool skips_ = false;  // the rest of a comment or a statement that was too long
  std::string database_;
  std::string retention_policy_;
};

}  // namespace fluxgate::influx
