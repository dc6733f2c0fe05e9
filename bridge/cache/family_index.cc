#include "bridge/cache/family_index.h"

#include "bridge/base/check.h"

#include <algorithm>

namespace fluxgate {

Family* FamilyIndex::Attach(std::string_view name, const ColumnRef& column) {
  MutexLock lock(&mutex_);
  auto found = families_.find(name);
  if (found == families_.end()) {
    auto family = std::make_unique<Family>();
    family->name = name;
    found = families_.emplace(std::string(name), std::move(family)).first;
  }
  found->second->columns.push_back(column);
  return found->second.get();
}

void FamilyIndex::Detach(Family* family, const ColumnRef& column) {
  MutexLock lock(&mutex_);
  const auto found = std::find(family->columns.begin(), family->columns.end(), column);
  CHECK(found != family->columns.end());
  family->columns.erase(found);
  if (family->columns.empty()) {
    families_.erase(families_.find(family->name));
  }
}

bool FamilyIndex::Next(std::string_view after, std::string* name,
                       std::vector<ColumnRef>* columns) const {
  MutexLock lock(&mutex_);
  const auto next = families_.upper_bound(after);
  if (next == families_.end()) {
    return false;
  }
  *name = next->first;
  *columns = next->second->columns;
  return true;
}

size_t FamilyIndex::size() const {
  MutexLock lock(&mutex_);
  return families_.size();
}

}  // namespace fluxgate
