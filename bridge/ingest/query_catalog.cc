#include "bridge/ingest/query_catalog.h"

#include <algorithm>
#include <utility>

namespace fluxgate {
namespace {

constexpr int64_t kHour = int64_t{3600} * 1'000'000'000;
constexpr int64_t kDay = 24 * kHour;

constexpr std::string_view kUserNotFound = "user not found";
constexpr std::string_view kConflict = "retention policy conflicts with an existing policy";

bool IsGoodName(std::string_view name) {
  const bool is_path = name.find_first_of("/\\") != std::string_view::npos;
  return !name.empty() && name != "." && name != ".." && !is_path;
}

int64_t UsualShardDuration(int64_t duration_ns) {
  if (duration_ns == 0 || duration_ns >= 180 * kDay) {
    return 7 * kDay;
  }
  return duration_ns >= 2 * kDay ? kDay : kHour;
}

void SetShardDuration(int64_t duration_ns, RetentionPolicy* policy) {
  policy->shard_duration_ns =
      duration_ns == 0 ? UsualShardDuration(policy->duration_ns) : std::max(duration_ns, kHour);
}

RetentionPolicy UsualPolicy() {
  RetentionPolicy policy;
  policy.is_default = true;
  SetShardDuration(0, &policy);
  return policy;
}

RetentionPolicy MakePolicy(std::string_view name, const influx::PolicyOptions& options) {
  RetentionPolicy policy;
  policy.name = name;
  policy.duration_ns = options.duration_ns.value_or(0);
  policy.replicas = options.replicas.value_or(1);
  SetShardDuration(options.shard_duration_ns.value_or(0), &policy);
  return policy;
}

std::string CheckDurations(const RetentionPolicy& policy) {
  if (policy.duration_ns != 0 && policy.duration_ns < kHour) {
    return "retention policy duration must be at least 1h0m0s";
  }
  if (policy.duration_ns != 0 && policy.duration_ns < policy.shard_duration_ns) {
    return "retention policy duration must be greater than the shard duration";
  }
  return {};
}

bool IsSame(const RetentionPolicy& a, const RetentionPolicy& b) {
  return a.duration_ns == b.duration_ns && a.shard_duration_ns == b.shard_duration_ns &&
         a.replicas == b.replicas;
}

void MakeDefault(std::string_view name, std::vector<RetentionPolicy>* policies) {
  for (RetentionPolicy& policy : *policies) {
    policy.is_default = policy.name == name;
  }
}

}  // namespace

std::string DatabaseNotFound(std::string_view name) {
  return "database not found: " + std::string(name);
}

std::vector<RetentionPolicy>& QueryCatalog::PoliciesOf(std::string_view database) {
  const auto found = policies_.find(database);
  if (found != policies_.end()) {
    return found->second;
  }
  return policies_.emplace(std::string(database), std::vector{UsualPolicy()}).first->second;
}

std::string QueryCatalog::CreateDatabase(std::string_view name, std::string_view policy_name,
                                         const influx::PolicyOptions* options) {
  if (!IsGoodName(name)) {
    return "invalid name";
  }
  MutexLock lock(&mutex_);
  const bool is_known = databases_->Find(name).has_value();
  if (options == nullptr) {
    databases_->Create(name);
    return {};
  }
  RetentionPolicy policy = MakePolicy(policy_name.empty() ? "autogen" : policy_name, *options);
  policy.is_default = true;
  if (std::string error = CheckDurations(policy); !error.empty()) {
    return error;
  }
  if (is_known) {
    const std::vector<RetentionPolicy>& policies = PoliciesOf(name);
    const auto found = std::ranges::find(policies, true, &RetentionPolicy::is_default);
    const bool is_same =
        found != policies.end() && found->name == policy.name && IsSame(*found, policy);
    return is_same ? std::string() : std::string(kConflict);
  }
  if (databases_->Create(name) != DatabaseRegistry::kOther &&
      policy.name.size() <= DatabaseRegistry::kNameSizeMax) {
    policies_[std::string(name)] = {std::move(policy)};
  }
  return {};
}

void QueryCatalog::DropDatabase(std::string_view name) {
  MutexLock lock(&mutex_);
  databases_->Drop(name);
  const auto found = policies_.find(name);
  if (found != policies_.end()) {
    policies_.erase(found);
  }
}

std::string QueryCatalog::CreatePolicy(std::string_view database, std::string_view name,
                                       const influx::PolicyOptions& options) {
  if (!IsGoodName(name)) {
    return "invalid name";
  }
  RetentionPolicy policy = MakePolicy(name, options);
  if (std::string error = CheckDurations(policy); !error.empty()) {
    return error;
  }
  MutexLock lock(&mutex_);
  if (!databases_->Find(database)) {
    return DatabaseNotFound(database);
  }
  std::vector<RetentionPolicy>& policies = PoliciesOf(database);
  const auto found = std::ranges::find(policies, name, &RetentionPolicy::name);
  if (found != policies.end()) {
    return IsSame(*found, policy) ? "" : "retention policy already exists";
  }
  if (policies.size() < kPoliciesMax && name.size() <= DatabaseRegistry::kNameSizeMax) {
    policies.push_back(std::move(policy));
    if (options.is_default) {
      MakeDefault(name, &policies);
    }
  }
  return {};
}

std::string QueryCatalog::AlterPolicy(std::string_view database, std::string_view name,
                                      const influx::PolicyOptions& options) {
  MutexLock lock(&mutex_);
  if (!databases_->Find(database)) {
    return DatabaseNotFound(database);
  }
  std::vector<RetentionPolicy>& policies = PoliciesOf(database);
  const auto found = std::ranges::find(policies, name, &RetentionPolicy::name);
  if (found == policies.end()) {
    return "retention policy not found: " + std::string(name);
  }
  RetentionPolicy changed = *found;
  changed.duration_ns = options.duration_ns.value_or(changed.duration_ns);
  changed.replicas = options.replicas.value_or(changed.replicas);
  if (options.shard_duration_ns) {
    SetShardDuration(*options.shard_duration_ns, &changed);
  }
  if (std::string error = CheckDurations(changed); !error.empty()) {
    return error;
  }
  *found = std::move(changed);
  if (options.is_default) {
    MakeDefault(name, &policies);
  }
  return {};
}

void QueryCatalog::DropPolicy(std::string_view database, std::string_view name) {
  MutexLock lock(&mutex_);
  if (databases_->Find(database)) {
    std::erase_if(PoliciesOf(database),
                  [&](const RetentionPolicy& policy) { return policy.name == name; });
  }
}

std::vector<RetentionPolicy> QueryCatalog::Policies(std::string_view database) const {
  MutexLock lock(&mutex_);
  const auto found = policies_.find(database);
  return found == policies_.end() ? std::vector{UsualPolicy()} : found->second;
}

std::string QueryCatalog::CreateUser(std::string_view name, bool is_admin) {
  if (name.empty()) {
    return "username required";
  }
  MutexLock lock(&mutex_);
  const bool is_known = std::ranges::find(users_, name, &QueryUser::name) != users_.end();
  if (!is_known && users_.size() < kUsersMax && name.size() <= DatabaseRegistry::kNameSizeMax) {
    users_.push_back({std::string(name), is_admin});
  }
  return {};
}

std::string QueryCatalog::DropUser(std::string_view name) {
  MutexLock lock(&mutex_);
  const size_t dropped =
      std::erase_if(users_, [&](const QueryUser& user) { return user.name == name; });
  return std::string(dropped > 0 ? "" : kUserNotFound);
}

std::string QueryCatalog::SetAdmin(std::string_view name, bool is_admin) {
  MutexLock lock(&mutex_);
  const auto found = std::ranges::find(users_, name, &QueryUser::name);
  if (found == users_.end()) {
    return std::string(kUserNotFound);
  }
  found->is_admin = is_admin;
  return {};
}

std::vector<QueryUser> QueryCatalog::Users() const {
  MutexLock lock(&mutex_);
  return users_;
}

bool QueryCatalog::HasUser(std::string_view name) const {
  MutexLock lock(&mutex_);
  return std::ranges::find(users_, name, &QueryUser::name) != users_.end();
}

}  // namespace fluxgate
