// The metric families of the cache in name order, and the columns that feed them.
//
// A scrape asks for one family after the other; families come and go meanwhile.
// Lifetime: a Family is valid while the caller has a column attached to it.
// Thread: safe. Its lock is taken while a shard's is held, never the other way round.
#pragma once

#include "bridge/base/mutex.h"

#include <absl/container/btree_map.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate {

// One column of one table of one shard. `version` tells columns apart that had the same place one
// after the other.
struct ColumnRef {
  uint32_t shard = 0;
  uint32_t table = 0;
  uint32_t column = 0;
  uint32_t version = 0;

  friend bool operator==(const ColumnRef&, const ColumnRef&) = default;
};

struct Family {
  std::string name;
  std::vector<ColumnRef> columns;  // guarded by the index's lock
};

class FamilyIndex {
 public:
  // Adds a column to the family `name`, which comes into being with its first one.
  Family* Attach(std::string_view name, const ColumnRef& column);

  // Takes a column away; the family ends with its last one.
  void Detach(Family* family, const ColumnRef& column);

  // The first family whose name is greater than `after` (all are greater than ""). False when there
  // is none.
  bool Next(std::string_view after, std::string* name, std::vector<ColumnRef>* columns) const;

  size_t size() const;

 private:
  mutable Mutex mutex_;
  absl::btree_map<std::string, std::unique_ptr<Family>, std::less<>> families_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace fluxgate
