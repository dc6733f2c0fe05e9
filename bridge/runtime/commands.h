// Carries out a command line.
//
// Thread: one command for a process.
#pragma once

#include "bridge/config/flags.h"

namespace fluxgate {

// Returns the exit code: 0; 1 when the command failed; 2 when an input of explain could not be
// read.
int RunCommand(const CommandLine& line);

}  // namespace fluxgate
