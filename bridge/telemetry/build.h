// What was built, as the build_info metrics of fluxgate and of influxdb_exporter show it.
//
// Thread: immutable.
#pragma once

#include <string>

namespace fluxgate {

struct Build {
  std::string version;
  std::string revision;
};

}  // namespace fluxgate
