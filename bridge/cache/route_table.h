// Remembers which row a raw series key leads to, so that a known line is never unescaped, sanitised
// or sorted again.
//
// A route holds the raw key, whose bytes are compared on a hit, and a reference to a row which may
// have died since: the row's version tells. Routes are an aid only; losing one costs one mapping.
// Lifetime: keys are copied.
// Bounds: a route that was not used for `idle_ticks` goes; a shard that is full starts afresh;
// longer keys than kKeySizeMax are not remembered.
// Thread: safe. No other lock is taken while one of its own is held.
#pragma once

#include "bridge/base/clock.h"
#include "bridge/base/mutex.h"
#include "bridge/cache/shard_order.h"

#include <absl/container/flat_hash_set.h>

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
    // Not part of the key.
    mutable RowRef row;
    mutable Tick last_used = 0;
  };
  struct Hash {
    using is_transparent = void;
    size_t operator()(const Route& key) const;
    size_t operator()(const RouteKey& key) const { return key.hash; }
  };
  struct Equal {
    using is_transparent = void;
    bool operator()(const Route& a, const Route& b) const;
    bool operator()(const Route& a, const RouteKey& b) const;
    bool operator()(const RouteKey& a, const Route& b) const { return (*this)(b, a); }
  };
  using Routes = absl::flat_hash_set<Route, Hash, Equal>;
  struct Shard {
    mutable Mutex mutex;
    Routes routes ABSL_GUARDED_BY(mutex);
  };

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
