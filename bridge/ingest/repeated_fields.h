// A field key that a point gives twice has its last value; this settles the case that the cache
// does not: a string behind a number. Fields of a line that came in another of its points are not
// seen.
//
// Bounds: nothing to do, and no allocation, for lines without a string behind a number; else
// pairwise for short lines, and O(fields) for long ones.
// Thread: compatible (pure function).
// Spec: InfluxDB 1.x: of duplicate field keys the last one wins.
#pragma once

#include "bridge/cache/series_mapper.h"

#include <span>

namespace fluxgate {

// Turns the numbers of `fields` whose key comes again as a string into strings.
void SettleRepeatedFields(std::span<CacheField> fields);

}  // namespace fluxgate
