// Field values that are not strings, read after InfluxDB 1.x's byte loops and by the C library.
//
// Thread: compatible (pure function).
// Spec: InfluxDB 1.x scanNumber and scanBoolean; unsigned integers are accepted.
#pragma once

#include "tests/reference/line_outcome.h"

#include <string>

namespace fluxgate::reference {

// Sets type and value of `field`, or returns the reason why `token` (not empty) is bad.
std::string ParseValue(const std::string& token, FieldOutcome* field);

}  // namespace fluxgate::reference
