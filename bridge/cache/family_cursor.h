// Walks the live series of a cache for one scrape: family by family in name order, a bounded piece
// at a time.
//
// Families and series come and go meanwhile: what existed throughout is seen exactly once, what
// expired before the beginning not at all; nor is a label set that came after the beginning. A new
// field of an older label set may be seen, once.
// Lifetime: the cache outlives the cursor.
// Errors: none.
// Bounds: one family's list of columns is held; a shard is locked for one piece at a time.
// Thread: compatible.
#pragma once

#include "protocol/prometheus/exposition_format.h"

#include "bridge/base/clock.h"
#include "bridge/cache/series_cache.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate {

class FamilyCursor {
 public:
  FamilyCursor(SeriesCache* cache, prom::ExpositionFormat format, bool timestamps, const Now& now);

  // Goes to the next family; false when there is none.
  bool NextFamily();

  // The current family; valid until NextFamily.
  std::string_view name() const { return name_; }

  // Appends the next samples of the current family, its header before the first, until `out` holds
  // about `size_max` bytes or many rows without a sample were visited. False: the family is done
  // (nothing was appended by it if it has no live series).
  bool Append(size_t size_max, std::string* out);

 private:
  SeriesCache* const cache_;
  const prom::ExpositionFormat format_;
  const bool timestamps_;
  const Now now_;
  const uint32_t epoch_;
  std::string name_;
  std::vector<ColumnRef> columns_;
  size_t column_ = 0;  // of columns_
  ColumnCursor cursor_;
  bool has_header_ = false;
};

}  // namespace fluxgate
