#include "bridge/cache/series_reader.h"

#include <algorithm>
#include <utility>

namespace fluxgate {

SeriesReader::SeriesReader(SeriesCache* cache, DatabaseId database,
                           std::optional<std::string> table, const Now& now)
    : cache_(cache), table_(std::move(table)), job_{database, now} {}

size_t SeriesReader::Read(const RowVisitor& visit) {
  size_t passed = 0;
  while (passed == 0 && shard_ < cache_->shards_.size()) {
    SeriesCache::LockedShard& locked = *cache_->shards_[shard_];
    MutexLock lock(&locked.mutex);
    passed = locked.shard.Read(job_, table_ ? &*table_ : nullptr, kRowsPerLock, visit, &cursor_);
    if (passed == 0) {
      cursor_ = {};
      ++shard_;
    }
  }
  return passed;
}

}  // namespace fluxgate
