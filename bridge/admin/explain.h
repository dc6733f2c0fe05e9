// `fluxgate explain`: a dry run that says what would become of every line.
//
// Input: files of any size and of the forms that uploads may have (point_source.h), read in pieces.
// Output: one JSON object for each line that is not blank or a comment, its members in a fixed
// order; names, values and times are text, a string that is not UTF-8 is {"b64":"..."}.
// Units: times in ns.
// Errors: bad lines are part of the output; an input or output that fails is one line on `err`.
// Bounds: memory of a few lines.
// Thread: compatible.
#pragma once

#include "protocol/influx/precision.h"

#include "bridge/mapping/mapping.h"
#include "bridge/upload/report_rules.h"

#include <cstddef>
#include <cstdint>
#include <istream>
#include <ostream>
#include <span>
#include <string>

namespace fluxgate {

struct ExplainOptions {
  influx::Precision precision = influx::Precision::kUnspecified;  // --precision
  bool strict = false;                                            // --influxdb.strict
  int64_t now_ns = 0;                                             // --now-ns
  int64_t max_sample_age_ns = int64_t{3600} * 1'000'000'000;      // 0: nothing is historic
  size_t line_size_max = size_t{1} << 20;                         // bytes
  uint64_t inflated_size_max = uint64_t{256} << 20;               // of a gzip file, bytes
};

// `rules`: of reports; null for none. Reads `paths`, of which `-` is `in`; without any, `in`. Line
// numbers count from 1 in each. Returns the exit code: 0 when every line was good, 1 when one was
// not, 2 when an input could not be read.
int Explain(const ExplainOptions& options, const Mapping& mapping, const ReportRules* rules,
            std::span<const std::string> paths, std::istream& in, std::ostream& out,
            std::ostream& err);

}  // namespace fluxgate
