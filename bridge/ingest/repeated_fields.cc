#include "bridge/ingest/repeated_fields.h"

#include "bridge/base/string_hash.h"

#include <absl/container/flat_hash_set.h>

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace fluxgate {
namespace {

constexpr size_t kPairwiseMax = 64;

void SettlePairwise(std::span<CacheField> fields) {
  for (size_t i = 1; i < fields.size(); ++i) {
    if (fields[i].is_sample) {
      continue;
    }
    for (CacheField& earlier : fields.first(i)) {
      if (earlier.key == fields[i].key) {
        earlier.is_sample = false;
      }
    }
  }
}

void SettleFromTheEnd(std::span<CacheField> fields) {
  absl::flat_hash_set<std::string_view, StringHash> strings;
  for (size_t i = fields.size(); i-- > 0;) {
    if (!fields[i].is_sample) {
      strings.insert(fields[i].key);
    } else if (strings.contains(fields[i].key)) {
      fields[i].is_sample = false;
    }
  }
}

}  // namespace

void SettleRepeatedFields(std::span<CacheField> fields) {
  const auto first_sample = std::ranges::find(fields, true, &CacheField::is_sample);
  if (std::find_if(first_sample, fields.end(),
                   [](const CacheField& field) { return !field.is_sample; }) == fields.end()) {
    return;
  }
  if (fields.size() <= kPairwiseMax) {
    SettlePairwise(fields);
  } else {
    SettleFromTheEnd(fields);
  }
}

}  // namespace fluxgate
