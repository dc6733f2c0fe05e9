#include "bridge/cache/route_table.h"

#include "bridge/base/string_hash.h"

#include <absl/hash/hash.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace fluxgate {
namespace {

uint64_t RouteHash(std::string_view bytes, uint32_t context) {
  return absl::HashOf(Seeded(bytes), context);
}

}  // namespace

RouteKey RouteKey::Make(std::string_view bytes, uint32_t context) {
  return {bytes, context, RouteHash(bytes, context)};
}

size_t RouteTable::Hash::operator()(const Route& key) const {
  return RouteHash({key.bytes.get(), key.size}, key.context);
}

bool RouteTable::Equal::operator()(const Route& a, const Route& b) const {
  return a.context == b.context &&
         std::string_view(a.bytes.get(), a.size) == std::string_view(b.bytes.get(), b.size);
}

bool RouteTable::Equal::operator()(const Route& a, const RouteKey& b) const {
  return a.context == b.context && std::string_view(a.bytes.get(), a.size) == b.bytes;
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
    const std::span<const uint32_t> positions = order->In(s);
    if (positions.empty()) {
      continue;
    }
    Shard& shard = shards_[s];
    MutexLock lock(&shard.mutex);
    for (const uint32_t i : positions) {
      const auto found = shard.routes.find(keys[i], keys[i].hash);
      if (found != shard.routes.end()) {
        found->last_used = now;
        (*rows)[i] = found->row;
      }
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
    const auto found = shard.routes.find(key, key.hash);
    if (rows[i].version == 0) {
      if (found != shard.routes.end()) {
        shard.routes.erase(found);
      }
      continue;
    }
    if (found != shard.routes.end()) {
      found->row = rows[i];
      found->last_used = now;
      continue;
    }
    if (shard.routes.size() >= routes_per_shard_max_) {
      full.swap(shard.routes);
    }
    Route route{std::make_unique_for_overwrite<char[]>(key.bytes.size()),
                static_cast<uint32_t>(key.bytes.size()), key.context, rows[i], now};
    std::memcpy(route.bytes.get(), key.bytes.data(), key.bytes.size());
    shard.routes.insert(std::move(route));
  }
}

void RouteTable::Sweep(Tick now, unsigned parts) {
  const size_t count = (shards_.size() + parts - 1) / parts;
  for (size_t n = 0; n < count; ++n) {
    Shard& shard = shards_[swept_.fetch_add(1, std::memory_order_relaxed) % shards_.size()];
    MutexLock lock(&shard.mutex);
    absl::erase_if(shard.routes, [&](const Route& route) {
      return static_cast<int32_t>(now - route.last_used) > static_cast<int32_t>(idle_ticks_);
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
