#include "bridge/runtime/commands.h"

#include "bridge/admin/explain.h"
#include "bridge/base/clock.h"
#include "bridge/runtime/healthcheck.h"
#include "bridge/runtime/runtime.h"
#include "bridge/runtime/stages.h"
#include "bridge/upload/report_rules_file.h"

#include <iostream>
#include <string>

namespace fluxgate {
namespace {

int RunExplain(const CommandLine& line) {
  const ExplainRequest& request = line.explain;
  const ExplainOptions options = {
      .precision = request.precision,
      .strict = line.config.ingest.strict,
      .now_ns = request.now_ns ? *request.now_ns : SystemClock().Read().wall_ns,
      .max_sample_age_ns = line.config.cache.sample_age_max_ns,
      .line_size_max = line.config.ingest.line_size_max,
      .inflated_size_max = line.config.ingest.inflated_size_max};
  const absl::StatusOr<ReportRules> rules = LoadReportRules(line.config.upload);
  if (!rules.ok()) {
    std::cerr << "fluxgate explain: " << std::string(rules.status().message()) << "\n";
    return 2;
  }
  std::ios::sync_with_stdio(false);
  return Explain(options, MakeMapping(line.config.mapping), rules->empty() ? nullptr : &*rules,
                 request.paths, std::cin, std::cout, std::cerr);
}

int RunHealthcheck(const CommandLine& line) {
  const absl::Status status = CheckHealth(line.healthcheck_url);
  if (!status.ok()) {
    std::cerr << "fluxgate: " << std::string(status.message()) << "\n";
    return 1;
  }
  return 0;
}

}  // namespace

int RunCommand(const CommandLine& line) {
  switch (line.command) {
    case Command::kServe:
      return RunBridge(line.config);
    case Command::kExplain:
      return RunExplain(line);
    case Command::kHealthcheck:
      return RunHealthcheck(line);
    case Command::kPrint:
      std::cout << line.text;
      return 0;
  }
  return 1;
}

}  // namespace fluxgate
