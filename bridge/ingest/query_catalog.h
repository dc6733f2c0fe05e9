// What clients have made by their handshakes and expect to find again: databases, their retention
// policies, users. Nothing of it changes what is done with points.
//
// Units: durations in ns; 0 is for ever.
// Lifetime: the registry outlives the catalog; nothing outlives the process.
// Errors: InfluxDB's message for what it would refuse, empty for success.
// Bounds: kPoliciesMax policies of a database, kUsersMax users, names of kNameSizeMax bytes; what
// is beyond is answered as done and not remembered. Thread: safe. Spec: InfluxDB 1.x meta.Client.
#pragma once

#include "protocol/influx/influxql_statement.h"

#include "bridge/base/mutex.h"
#include "bridge/base/string_hash.h"
#include "bridge/cache/database_registry.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate {

struct RetentionPolicy {
  std::string name = "autogen";
  int64_t duration_ns = 0;
  int64_t shard_duration_ns = 0;
  int replicas = 1;
  bool is_default = false;
};

struct QueryUser {
  std::string name;
  bool is_admin = false;
};

class QueryCatalog {
 public:
  static constexpr size_t kPoliciesMax = 32;
  static constexpr size_t kUsersMax = 1000;

  explicit QueryCatalog(DatabaseRegistry* databases) : databases_(databases) {}

  // `policy`: null when the statement names none.
  std::string CreateDatabase(std::string_view name, std::string_view policy_name,
                             const influx::PolicyOptions* policy);
  void DropDatabase(std::string_view name);

  std::string CreatePolicy(std::string_view database, std::string_view name,
                           const influx::PolicyOptions& options);
  std::string AlterPolicy(std::string_view database, std::string_view name,
                          const influx::PolicyOptions& options);
  void DropPolicy(std::string_view database, std::string_view name);

  // Of a database that is known.
  std::vector<RetentionPolicy> Policies(std::string_view database) const;

  std::string CreateUser(std::string_view name, bool is_admin);
  std::string DropUser(std::string_view name);
  std::string SetAdmin(std::string_view name, bool is_admin);
  std::vector<QueryUser> Users() const;
  bool HasUser(std::string_view name) const;

  DatabaseRegistry* databases() const { return databases_; }

 private:
  std::vector<RetentionPolicy>& PoliciesOf(std::string_view database)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  DatabaseRegistry* const databases_;
  mutable Mutex mutex_;
  // Databases that have other policies than the usual one.
  StringMap<std::vector<RetentionPolicy>> policies_ ABSL_GUARDED_BY(mutex_);
  std::vector<QueryUser> users_ ABSL_GUARDED_BY(mutex_);
};

// `database not found: name`.
std::string DatabaseNotFound(std::string_view name);

}  // namespace fluxgate
