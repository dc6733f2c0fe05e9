// What was built.
//
// Lifetime: static storage.
// Thread: immutable.
#pragma once

#include <string_view>

namespace fluxgate {

std::string_view Version();  // such as 0.1.0
std::string_view
Revision();  // of the source, such as a commit; "unknown" when the build was not told

}  // namespace fluxgate
