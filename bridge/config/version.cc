#include "bridge/config/version.h"

namespace fluxgate {

std::string_view Version() {
  return FLUXGATE_VERSION;
}
std::string_view Revision() {
  return FLUXGATE_REVISION;
}

}  // namespace fluxgate
