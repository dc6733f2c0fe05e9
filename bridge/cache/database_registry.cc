#include "bridge/cache/database_registry.h"

#include <algorithm>

namespace fluxgate {
namespace {

constexpr size_t kContextsPerDatabase = 4;

}  // namespace

DatabaseRegistry::DatabaseRegistry(size_t databases_max)
    : databases_max_(databases_max), series_(databases_max + 1), dropped_(databases_max + 1) {}

DatabaseId DatabaseRegistry::Create(std::string_view name) {
  MutexLock lock(&mutex_);
  return CreateLocked(name);
}

DatabaseId DatabaseRegistry::CreateLocked(std::string_view name) {
  const auto found = ids_.find(name);
  if (found != ids_.end()) {
    dropped_[found->second] = false;
    return found->second;
  }
  if (ids_.size() >= databases_max_ || name.size() > kNameSizeMax) {
    return kOther;
  }
  const DatabaseId id = static_cast<DatabaseId>(ids_.size() + 1);
  ids_.emplace(name, id);
  return id;
}

void DatabaseRegistry::Drop(std::string_view name) {
  MutexLock lock(&mutex_);
  const auto found = ids_.find(name);
  if (found != ids_.end()) {
    dropped_[found->second] = true;
    drops_.fetch_add(1, std::memory_order_relaxed);
  }
}

WriteOrigin DatabaseRegistry::Origin(std::string_view database, std::string_view retention_policy) {
  // The size in front keeps ("ab", "c") and ("a", "bc") apart.
  std::string key = std::to_string(database.size()) + ':';
  key += database;
  key += retention_policy;
  MutexLock lock(&mutex_);
  WriteOrigin origin;
  origin.database = CreateLocked(database);
  const auto found = contexts_.find(key);
  if (found != contexts_.end()) {
    origin.context = found->second;
  } else if (contexts_.size() < databases_max_ * kContextsPerDatabase &&
             std::max(database.size(), retention_policy.size()) <= kNameSizeMax) {
    origin.context = static_cast<uint32_t>(contexts_.size() + 1);
    contexts_.emplace(std::move(key), origin.context);
  }
  return origin;
}

std::optional<DatabaseId> DatabaseRegistry::Find(std::string_view name) const {
  MutexLock lock(&mutex_);
  const auto found = ids_.find(name);
  if (found == ids_.end() || dropped_[found->second]) {
    return std::nullopt;
  }
  return found->second;
}

std::vector<std::string> DatabaseRegistry::Names() const {
  std::vector<std::string> names;
  {
    MutexLock lock(&mutex_);
    for (const auto& [name, id] : ids_) {
      if (!name.empty() && !dropped_[id]) {
        names.push_back(name);
      }
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace fluxgate
