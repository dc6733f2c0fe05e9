// The flags of fluxgate: names, help, and what each sets.
//
// Encodings: values are text as given on the command line or in the environment.
// Thread: immutable.
#pragma once

#include "bridge/config/options.h"

#include <absl/status/status.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace fluxgate {

enum class FlagKind : uint8_t {
  kValue,
  kRepeated,  // may be given several times; in the environment with commas between the values
  kOptional,  // kValue that may be empty
  kOptionalRepeated,
  kSwitch,  // --name, --no-name
};

struct Flag {
  std::string_view name;  // without dashes
  FlagKind kind;
  std::string_view value_name;  // for the help
  std::string_view help;
  // Sets what one value says; the error says what is wrong with it.
  absl::Status (*set)(std::string_view value, Config* config);
};

std::span<const Flag> Flags();

// FLUXGATE_WEB_LISTEN_ADDRESS for web.listen-address.
std::string EnvironmentName(std::string_view flag_name);

}  // namespace fluxgate
