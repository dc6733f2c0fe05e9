// Runs the bridge from start to stop.
//
// Stop, on SIGTERM or SIGINT: readiness answers 503 at once; after --shutdown.delay no more
// connections and datagrams are taken; requests in flight have 5 s to finish; exit code 0. A second
// signal ends the process at once, with exit code 128 plus the signal's number (130, 143), as a
// shell shows a process that died of it.
// Errors: a failure to start is one line in the log and exit code 1.
// Thread: one Runtime for a process; Run() takes over the calling thread.
#pragma once

#include "bridge/config/options.h"

namespace fluxgate {

// Returns the exit code.
int RunBridge(const Config& config);

}  // namespace fluxgate
