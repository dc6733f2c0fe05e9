// Reads the command line and the environment.
//
// Every flag can come from the environment too (flag_table.h); the command line goes before.
// Errors: one line of text that says which flag or variable is wrong, and how.
// Thread: compatible.
// Spec: flags as kingpin has them: `--name value`, `--name=value`, `--no-name`.
#pragma once

#include "bridge/config/options.h"

#include <absl/status/statusor.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

namespace fluxgate {

enum class Command : uint8_t { kServe, kExplain, kHealthcheck, kPrint };

struct CommandLine {
  Command command = Command::kServe;
  Config config;
  std::string text;             // kPrint: what to print, help or version
  ExplainRequest explain;       // kExplain
  std::string healthcheck_url;  // kHealthcheck
};

// The value of a variable; nullopt when it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// The environment of the process.
std::optional<std::string> ProcessEnvironment(const std::string& name);

// `arguments` are those behind the program's name.
absl::StatusOr<CommandLine> ParseCommandLine(std::span<const std::string> arguments,
                                             const Environment& environment);

}  // namespace fluxgate
