// Reads report rules from YAML (`--upload.config`).
//
// Errors: one line that names the file and the place: an unknown key, a rule without a name or a
// pattern, a pattern that is none, a group that is not there, an unknown time zone.
// Thread: compatible.
// Spec: README.md, "Files and reports"; deploy/reports/host-report.yaml is an example.
#pragma once

#include "bridge/upload/report_rules.h"
#include "bridge/upload/upload_options.h"

#include <absl/status/statusor.h>

#include <string>

namespace fluxgate {

absl::StatusOr<ReportRules> ParseReportRules(const std::string& yaml);

// The rules of the file that the options name; none when they name none.
absl::StatusOr<ReportRules> LoadReportRules(const UploadOptions& options);

}  // namespace fluxgate
