// Shows what a prometheus-cpp registry collected as families that our encoders take.
//
// prometheus-cpp's own serializer leaves HELP unescaped and rounds values, so it is not used.
// Encodings: label values that are not UTF-8 are made so.
// Errors: none; a family without samples is left out.
// Thread: compatible (pure function).
#pragma once

#include "protocol/prometheus/metric_family.h"

#include <prometheus/metric_family.h>

#include <vector>

namespace fluxgate {

// Sorted by name; of families of one name the samples are put together.
std::vector<prom::MetricFamily> ViewFamilies(
    const std::vector<prometheus::MetricFamily>& collected);

}  // namespace fluxgate
