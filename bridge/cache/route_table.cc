#include "bridge/cache/route_table.h"

#include "bridge/base/prefetch.h"
#include "bridge/base/string_hash.h"

#include <absl/hash/hash.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace fluxgate {
namespace {

// Look-ups whose cache misses overlap.
constexpr size_t kLookupsAtOnce = 16;

}  // namespace

RouteKey RouteKey::Make(std::string_view bytes, uint32_t context) {
  return {bytes, context, absl::HashOf(Seeded(bytes), context)};
}

RouteTable::RouteTable(unsigned shard_bits, size_t routes_max, Tick idle_ticks)
    : shard_bits_(shard_bits),
      routes_per_shard_max_(std::max<size_t>(routes_max >> shard_bits, 16)),
      idle_ticks_(idle_ticks),
      shards_(size_t{1} << shard_bits) {}

void RouteTable::Find(std::span<const RouteKey> keys, Tick now, ShardOrder* order,
                      std::vector<RowRef>* rows) {
  rows->assign(keys.size(), RowRef{});
  order->Assign(keys.size(), shards_.size(), [&](size_t i) { return ShardOf(keys[i].hash); });
  for (size_t s = 0; s < shards_.size(); ++s) {
    std::span<const uint32_t> positions = order->In(s);
    if (positions.empty()) {
      continue;
    }
    Shard& shard = shards_[s];
    MutexLock lock(&shard.mutex);
    while (!positions.empty()) {
      const size_t count = std::min(positions.size(), kLookupsAtOnce);
      FindSome(keys, positions.first(count), now, &shard.routes, rows);
      positions = positions.subspan(count);
    }
  }
}

// Each step touches what the step before asked for.
void RouteTable::FindSome(std::span<const RouteKey> keys, std::span<const uint32_t> positions,
                          Tick now, Routes* routes, std::vector<RowRef>* rows) {
  for (const uint32_t i : positions) {
    routes->prefetch(keys[i].hash);
  }
  std::array<Route*, kLookupsAtOnce> found;
  for (size_t n = 0; n < positions.size(); ++n) {
    const auto route = routes->find(keys[positions[n]].hash);
    found[n] = route == routes->end() ? nullptr : &route->second;
    if (found[n] != nullptr) {
      Prefetch(found[n]->bytes.get(), found[n]->size);
    }
  }
  for (size_t n = 0; n < positions.size(); ++n) {
    if (found[n] != nullptr && found[n]->IsOf(keys[positions[n]])) {
      found[n]->last_used = now;
      (*rows)[positions[n]] = found[n]->row;
    }
  }
}

void RouteTable::Insert(std::span<const RouteKey> keys, std::span<const RowRef> rows,
                        std::span<const uint32_t> positions, Tick now) {
  for (const uint32_t i : positions) {
    const RouteKey& key = keys[i];
    if (key.bytes.size() > kKeySizeMax) {
      continue;
    }
    Shard& shard = shards_[ShardOf(key.hash)];
    Routes full;  // freed after the lock
    MutexLock lock(&shard.mutex);
    if (rows[i].version == 0) {
      shard.routes.erase(key.hash);
      continue;
    }
    if (shard.routes.size() >= routes_per_shard_max_ && !shard.routes.contains(key.hash)) {
      full.swap(shard.routes);
    }
    Route& route = shard.routes[key.hash];
    if (!route.IsOf(key) || route.row.version == 0) {
      route.bytes = std::make_unique_for_overwrite<char[]>(key.bytes.size());
      std::memcpy(route.bytes.get(), key.bytes.data(), key.bytes.size());
      route.size = static_cast<uint32_t>(key.bytes.size());
      route.context = key.context;
    }
    route.row = rows[i];
    route.last_used = now;
  }
}

void RouteTable::Sweep(Tick now, unsigned parts) {
  const size_t count = (shards_.size() + parts - 1) / parts;
  for (size_t n = 0; n < count; ++n) {
    Shard& shard = shards_[swept_.fetch_add(1, std::memory_order_relaxed) % shards_.size()];
    MutexLock lock(&shard.mutex);
    absl::erase_if(shard.routes, [&](const auto& entry) {
      return static_cast<int32_t>(now - entry.second.last_used) > static_cast<int32_t>(idle_ticks_);
    });
    if (shard.routes.empty()) {
      shard.routes = Routes();
    }
  }
}

size_t RouteTable::size() const {
  size_t size = 0;
  for (const Shard& shard : shards_) {
    MutexLock lock(&shard.mutex);
    size += shard.routes.size();
  }
  return size;
}

}  // namespace fluxgate
