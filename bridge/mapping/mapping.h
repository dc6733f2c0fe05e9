// Decides what a point becomes: which series its fields feed, and under which names and labels.
//
// A point's series key is mapped to a table (its measurement, sanitised) and a rendered label set;
// a field of it to a metric family. Runs once per new series, not once per sample: the cache
// remembers the outcome.
// Encodings: input is raw line protocol (protocol/influx/point.h); output is as
// protocol/prometheus/ says: legacy-valid names, valid UTF-8 values, sorted labels, no label twice.
// Errors: a target that may not exist carries the reason why (mapping/drop_reason.h); everything
// else maps.
// Bounds: labels, names and values are limited by MappingOptions.
// Thread: immutable.
// Spec: influxdb_exporter's names, with the rules of README.md "Names and labels".
#pragma once

#include "protocol/influx/point.h"

#include "bridge/mapping/mapping_options.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate {

// What had to be changed to make a series key legal; counted as leniencies.
struct KeyAdjustments {
  uint32_t colliding_labels = 0;    // tags that lost against another tag of the same sanitised key
  uint32_t dropped_name_tags = 0;   // `__name__` tags
  uint32_t renamed_labels = 0;      // `__x` tags that became `_x`
  uint32_t windows_1252_bytes = 0;  // bytes of tag values that were not UTF-8
};

// Where the samples of a point go. Reused from point to point.
struct SeriesTarget {
  std::string table;             // the sanitised measurement
  std::string labels;            // rendered label set
  uint32_t scope = 0;            // points of one scope and table map their fields alike
  std::string_view drop_reason;  // not empty: the series may not exist
  KeyAdjustments adjustments;
};

class Mapping {
 public:
  explicit Mapping(MappingOptions options);

  // `tags` are sorted by raw key and free of duplicates.
  void MapSeries(std::string_view measurement, std::span<const influx::Tag> tags,
                 SeriesTarget* target) const;

  // The family that a numeric field of `table` feeds. Returns a drop reason, empty when `family`
  // was set.
  std::string_view MapField(std::string_view table, std::string_view field_key,
                            std::string* family) const;

 private:
  const MappingOptions options_;
};

// The value of a numeric field as a sample value; booleans are 1 and 0. Not for strings.
double SampleValue(const influx::Field& field);

}  // namespace fluxgate
