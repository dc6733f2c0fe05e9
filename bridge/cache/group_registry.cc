#include "bridge/cache/group_registry.h"

#include "bridge/base/check.h"

#include <algorithm>

namespace fluxgate {

void GroupRegistry::Group::Renew(Tick new_lifetime, const Now& now) {
  lifetime = new_lifetime;
  expires = now.tick + lifetime;
  expires_ns = now.wall_ns + int64_t{lifetime} * kNanosecondsPerTick;
}

void GroupRegistry::Group::Prolong(Tick new_lifetime, const Now& now) {
  const Tick new_expires = now.tick + new_lifetime;
  if (static_cast<int32_t>(new_expires - expires) > 0) {
    expires = new_expires;
    expires_ns = now.wall_ns + int64_t{new_lifetime} * kNanosecondsPerTick;
  }
}

void GroupRegistry::Group::Close(uint64_t body, uint64_t last) {
  std::erase(open, body);
  ended.push_back({body, last});
  std::erase_if(ended, [this](const Ended& other) { return !IsBesideOpen(other); });
}

bool GroupRegistry::Group::IsBesideOpen(const Ended& body) const {
  const auto next = std::ranges::upper_bound(open, body.generation);
  return next != open.end() && *next <= body.last;
}

// What is on its way, and what was when `body` began.
std::vector<uint64_t> GroupRegistry::Group::SparedBy(uint64_t body) const {
  std::vector<uint64_t> spared = open;
  for (const Ended& other : ended) {
    if (other.generation < body && body <= other.last) {
      spared.push_back(other.generation);
    }
  }
  std::ranges::sort(spared);
  return spared;
}

std::optional<GroupBody> GroupRegistry::Begin(std::string_view name, Tick lifetime,
                                              const Now& now) {
  MutexLock lock(&mutex_);
  auto known = ids_.find(name);
  if (known == ids_.end()) {
    if (ids_.size() >= groups_max_ || name.size() > kNameSizeMax) {
      ++refused_;
      return std::nullopt;
    }
    known = ids_.emplace(name, ++last_id_).first;
    // It expires at once unless something is stored.
    groups_[known->second] = {.name = std::string(name),
                              .lifetime = lifetime,
                              .expires_ns = now.wall_ns,
                              .expires = now.tick};
  }
  Group& group = groups_[known->second];
  group.generation = ++last_generation_;
  group.open.push_back(group.generation);
  return GroupBody{known->second, group.generation, lifetime};
}

std::optional<GroupSweep> GroupRegistry::End(const GroupBody& body, BodyEnd end, const Now& now) {
  MutexLock lock(&mutex_);
  const auto found = groups_.find(body.group);
  CHECK(found != groups_.end());
  Group& group = found->second;
  std::optional<GroupSweep> sweep;
  if (end == BodyEnd::kWhole) {
    sweep = {body.group, 0, body.generation, group.SparedBy(body.generation)};
    group.Renew(body.lifetime, now);
    group.completed_ns = now.wall_ns;
  } else if (body.generation < group.deleted) {
    sweep = {body.group, body.generation, body.generation + 1, {}};
  } else if (end == BodyEnd::kPart) {
    group.Prolong(body.lifetime, now);
  }
  group.Close(body.generation, last_generation_);
  if (group.open.empty() && group.generation < group.deleted && !group.completed_ns) {
    Erase(found);
  }
  return sweep;
}

std::optional<GroupSweep> GroupRegistry::Delete(std::string_view name, const Now& now) {
  MutexLock lock(&mutex_);
  const auto known = ids_.find(name);
  if (known == ids_.end()) {
    return std::nullopt;
  }
  const auto found = groups_.find(known->second);
  GroupSweep sweep{known->second, 0, ++last_generation_, found->second.open};
  if (sweep.spared.empty()) {
    Erase(found);
  } else {
    Group& group = found->second;
    group.deleted = sweep.end;
    group.completed_ns.reset();
    group.expires = now.tick;
    group.expires_ns = now.wall_ns;
  }
  return sweep;
}

void GroupRegistry::Erase(Groups::iterator group) {
  ids_.erase(group->second.name);
  groups_.erase(group);
}

std::vector<GroupState> GroupRegistry::List() const {
  std::vector<GroupState> states;
  {
    MutexLock lock(&mutex_);
    for (const auto& [id, group] : groups_) {
      states.push_back({group.name, id, group.completed_ns,
                        int64_t{group.lifetime} * kNanosecondsPerTick, group.expires_ns});
    }
  }
  std::ranges::sort(states, {}, &GroupState::name);
  return states;
}

std::vector<GroupRegistry::Idle> GroupRegistry::FindExpired(const Now& now) const {
  std::vector<Idle> expired;
  MutexLock lock(&mutex_);
  for (const auto& [id, group] : groups_) {
    if (group.open.empty() && static_cast<int32_t>(now.tick - group.expires) > 0) {
      expired.push_back({id, group.generation});
    }
  }
  return expired;
}

void GroupRegistry::Forget(const Idle& idle) {
  MutexLock lock(&mutex_);
  const auto found = groups_.find(idle.id);
  if (found != groups_.end() && found->second.open.empty() &&
      found->second.generation == idle.generation) {
    Erase(found);
  }
}

uint64_t GroupRegistry::refused_count() const {
  MutexLock lock(&mutex_);
  return refused_;
}

}  // namespace fluxgate
