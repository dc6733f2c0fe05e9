// The groups' side of the cache: kept apart from ordinary writing.
#include "bridge/cache/series_cache.h"

namespace fluxgate {
namespace {

constexpr size_t kMembersPerLock = 256;

}  // namespace

std::optional<GroupBody> SeriesCache::BeginBody(std::string_view name, int64_t lifetime_ns,
                                                const Now& now) {
  const int64_t span_ns = lifetime_ns == 0 ? options_.group_expiry_ns : lifetime_ns;
  return groups_.Begin(name, Freshness::TicksIn(span_ns), now);
}

void SeriesCache::EndBody(const GroupBody& body, BodyEnd end, const Now& now) {
  const std::optional<GroupSweep> sweep = groups_.End(body, end, now);
  if (sweep) {
    SweepGroup(*sweep, now);
  }
}

bool SeriesCache::DeleteGroup(std::string_view name, const Now& now) {
  const std::optional<GroupSweep> sweep = groups_.Delete(name, now);
  if (sweep) {
    SweepGroup(*sweep, now);
  }
  return sweep.has_value();
}

void SeriesCache::SweepGroup(const GroupSweep& sweep, const Now& now) {
  for (const std::unique_ptr<LockedShard>& locked : shards_) {
    size_t left = SIZE_MAX;
    bool has_more = true;
    while (has_more) {
      MutexLock lock(&locked->mutex);
      has_more = locked->shard.SweepGroup(sweep, now, kMembersPerLock, &left);
    }
  }
}

absl::flat_hash_map<uint64_t, uint64_t> SeriesCache::GroupSizes() {
  absl::flat_hash_map<uint64_t, uint64_t> sizes;
  for (const std::unique_ptr<LockedShard>& locked : shards_) {
    MutexLock lock(&locked->mutex);
    locked->shard.members().AddSizes(&sizes);
  }
  return sizes;
}

// What has expired and has no series is forgotten. Series come by bodies alone, so that nothing
// comes between counting them and forgetting.
void SeriesCache::ForgetGroups(const Now& now) {
  const std::vector<GroupRegistry::Idle> expired = groups_.FindExpired(now);
  if (expired.empty()) {
    return;
  }
  const absl::flat_hash_map<uint64_t, uint64_t> sizes = GroupSizes();
  for (const GroupRegistry::Idle& idle : expired) {
    if (!sizes.contains(idle.id)) {
      groups_.Forget(idle);
    }
  }
}

}  // namespace fluxgate
