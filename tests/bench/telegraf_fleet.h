// Lines as Telegraf's cpu, disk, procstat, system and net plugins send them: floats, integers,
// booleans, strings, escapes, and tag sets of different sizes. The hosts take turns at the plugins.
//
// Thread: safe.
#pragma once

#include "tests/bench/fleet.h"

namespace fluxgate::bench {

const Fleet& TelegrafFleet();

}  // namespace fluxgate::bench
