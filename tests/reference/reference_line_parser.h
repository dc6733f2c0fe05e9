// A slow line-protocol reader, written straight after InfluxDB 1.x's byte loops: the oracle of
// LineReader.
//
// It works on whole strings, splits first and parses then, passes over each part of a line several
// times, and shares no code with the reader but the names of its types.
// Thread: compatible (pure function).
// Spec: InfluxDB 1.x models.ParsePointsWithPrecision, with the differences that README.md lists
// under "Line protocol". `defer_tags` is not looked at.
#pragma once

#include "tests/reference/line_outcome.h"

#include <string>
#include <vector>

namespace fluxgate::reference {

std::vector<LineOutcome> ParseLines(const influx::ReaderOptions& options, const std::string& input);

}  // namespace fluxgate::reference
