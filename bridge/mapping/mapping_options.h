// What the mapping can be told. Set once, before the mapping is made.
//
// Units: bytes; a limit of 0 is none.
// Thread: immutable.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace fluxgate {

struct MappingOptions {
  size_t labels_per_series_max = 256;
  size_t label_name_size_max = 1024;   // bytes, after sanitising
  size_t label_value_size_max = 8192;  // bytes, as UTF-8
  size_t metric_name_size_max = 2048;  // bytes
  // Families that are ours; a pushed series of that name is rejected. Sorted.
  std::vector<std::string> reserved_families;
};

}  // namespace fluxgate
