#include "bridge/cache/group_registry.h"

#include "bridge/base/check.h"

namespace fluxgate {

void GroupRegistry::Group::Renew(Tick new_lifetime, const Now& now) {
  lifetime = new_lifetime;
  expires = now.tick + lifetime;
  expires_ns = now.wall_ns + int64_t{lifetime} * kNanosecondsPerTick;
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
    groups_[known->second].name = name;
    groups_[known->second].Renew(lifetime, now);
  }
  Group& group = groups_[known->second];
  group.generation = ++last_generation_;
  group.open.push_back(group.generation);
  return GroupBody{known->second, group.generation, lifetime};
}

GroupSweep GroupRegistry::End(const GroupBody& body, bool is_complete, const Now& now) {
  MutexLock lock(&mutex_);
  const auto found = groups_.find(body.group);
  CHECK(found != groups_.end());
  Group& group = found->second;
  std::erase(group.open, body.generation);
  group.Renew(body.lifetime, now);
  if (is_complete) {
    group.completed_ns = now.wall_ns;
  }
  return {body.group, body.generation, group.open};
}

std::optional<GroupSweep> GroupRegistry::Delete(std::string_view name) {
  MutexLock lock(&mutex_);
  const auto known = ids_.find(name);
  if (known == ids_.end()) {
    return std::nullopt;
  }
  const auto found = groups_.find(known->second);
  GroupSweep sweep{known->second, ++last_generation_, found->second.open};
  if (sweep.open.empty()) {
    Erase(found);
  } else {
    found->second.completed_ns.reset();
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
