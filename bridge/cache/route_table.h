// Remembers which row a raw series key leads to, so that a known line is never unescaped, sanitised
// or sorted again.
//
// A route is found by its key's hash; it holds the raw key, whose bytes are compared on a hit, and
// a reference to a row which may have died since: the row's version tells. Routes are an aid only;
// losing one costs one mapping, so of two keys with one hash only the later has a route.
// Lifetime: keys are copied.
// Bounds: a route that was not used for `idle_ticks` goes; a shard that is full starts afresh;
// longer keys than kKeySizeMax are not remembered.
// Thread: safe. No other lock is taken while one of its own is held.
#pragma once

#include "bridge/base/clock.h"
#include "bridge/base/mutex.h"
#include "bridge/cache/shard_order.h"

#include <absl/container/flat_hash_map.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace fluxgate {

// A row of a table of a shard. Versions start at 1; 0 stands for no row.
struct RowRef {
  uint32_t shard = 0;
  uint32_t table = 0;
  uint32_t row = 0;
  uint32_t version = 0;
  uint32_t scope = 0;  // for mapping the fields of this route
};

struct RouteKey {
  std::string_view bytes;  // raw series key
  uint32_t context = 0;    // WriteOrigin::context
  uint64_t hash = 0;       // RouteHash of the two

  static RouteKey Make(std::string_view bytes, uint32_t context);
};

class RouteTable {
 public:
  static constexpr size_t kKeySizeMax = 4096;

  RouteTable(unsigned shard_bits, size_t routes_max, Tick idle_ticks);

  // rows[i] = the row that keys[i] led to, version 0 where there is no route.
  void Find(std::span<const RouteKey> keys, Tick now, ShardOrder* order, std::vector<RowRef>* rows);

  // Remembers rows[i] under keys[i] for each i of `positions`; forgets keys[i] where the row's
  // version is 0.
  void Insert(std::span<const RouteKey> keys, std::span<const RowRef> rows,
              std::span<const uint32_t> positions, Tick now);

  // Drops idle routes from one part in `parts` of the shards; `parts` calls go once round.
  void Sweep(Tick now, unsigned parts);

  size_t size() const;

 private:
  struct Route {
    std::unique_ptr<char[]> bytes;
    uint32_t size = 0;
    uint32_t context = 0;
    RowRef row;
    Tick last_used = 0;

    bool IsOf(const RouteKey& key) const {
      return context == key.context && std::string_view(bytes.get(), size) == key.bytes;
    }
  };
  struct IsHash {
    size_t operator()(uint64_t hash) const { return hash; }
  };
  using Routes = absl::flat_hash_map<uint64_t, Route, IsHash>;
  struct Shard {
    mutable Mutex mutex;
    Routes routes ABSL_GUARDED_BY(mutex);
  };

  static void FindSome(std::span<const RouteKey> keys, std::span<const uint32_t> positions,
                       Tick now, Routes* routes, std::vector<RowRef>* rows);

  uint32_t ShardOf(uint64_t hash) const {
    return static_cast<uint32_t>(hash >> (64 - shard_bits_));
  }

  const unsigned shard_bits_;
  const size_t routes_per_shard_max_;
  const Tick idle_ticks_;
  std::vector<Shard> shards_;
  std::atomic<uint32_t> swept_{0};
};

}  // namespace fluxgate
