// The databases that have written, or were created by a writer's handshake.
//
// Lifetime: ids are valid for the life of the registry; a database that is dropped keeps its id,
// and is known again when something is written to it or it is created anew. Bounds: databases_max
// names, four retention policies each on average; further ones share id kOther. Thread: safe.
#pragma once

#include "bridge/base/mutex.h"
#include "bridge/base/string_hash.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate {

using DatabaseId = uint32_t;

struct GroupBody;  // bridge/cache/group_registry.h

// From where a batch comes. Batches of one context map their series keys alike.
struct WriteOrigin {
  DatabaseId database = 0;
  uint32_t context = 0;
  bool is_current = false;          // its points are never historic
  const GroupBody* body = nullptr;  // of which it is a part; null: of no group's
};

class DatabaseRegistry {
 public:
  static constexpr DatabaseId kOther = 0;
  // Longer names of databases and retention policies are not remembered.
  static constexpr size_t kNameSizeMax = 255;

  explicit DatabaseRegistry(size_t databases_max);

  // Makes `name` known if there is room, and returns its id.
  DatabaseId Create(std::string_view name);

  // Makes `name` unknown until then.
  void Drop(std::string_view name);

  // How often a database was dropped. When it has changed, who goes on writing creates his again.
  uint64_t drop_count() const { return drops_.load(std::memory_order_relaxed); }

  // The origin of batches for a database and retention policy, either of which may be empty.
  WriteOrigin Origin(std::string_view database, std::string_view retention_policy);

  // The id of `name`, if it is known and has one of its own.
  std::optional<DatabaseId> Find(std::string_view name) const;

  // All known names, sorted; the empty name of writers that name none is not among them.
  std::vector<std::string> Names() const;

  // The number of series that count against a database's limit.
  std::atomic<uint64_t>* SeriesCount(DatabaseId id) { return &series_[id]; }

 private:
  DatabaseId CreateLocked(std::string_view name) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t databases_max_;
  std::atomic<uint64_t> drops_{0};
  std::vector<std::atomic<uint64_t>> series_;  // by id
  mutable Mutex mutex_;
  StringMap<DatabaseId> ids_ ABSL_GUARDED_BY(mutex_);
  std::vector<bool> dropped_ ABSL_GUARDED_BY(mutex_);  // by id
  StringMap<uint32_t> contexts_
      ABSL_GUARDED_BY(mutex_);  // by size of the database's name, both names
};

}  // namespace fluxgate
