// A statement of InfluxQL, as far as a bridge that keeps last values has to understand it.
//
// Units: durations in ns; 0 is for ever.
// Lifetime: a statement owns what it holds, but `text` views the query.
// Thread: compatible.
// Spec: InfluxQL 1.x, "Statements".
#pragma once

#include "protocol/influx/influxql_token.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate::influx {

enum class StatementType : uint8_t {
  kSelect,
  kExplain,
  kDelete,
  kShowContinuousQueries,
  kShowDatabases,
  kShowDiagnostics,
  kShowFieldKeys,
  kShowGrants,
  kShowFieldKeyCardinality,
  kShowMeasurementCardinality,
  kShowSeriesCardinality,
  kShowTagKeyCardinality,
  kShowTagValuesCardinality,
  kShowMeasurements,
  kShowQueries,
  kShowRetentionPolicies,
  kShowSeries,
  kShowShardGroups,
  kShowShards,
  kShowStats,
  kShowSubscriptions,
  kShowTagKeys,
  kShowTagValues,
  kShowUsers,
  kCreateContinuousQuery,
  kCreateDatabase,
  kCreateRetentionPolicy,
  kCreateSubscription,
  kCreateUser,
  kDropContinuousQuery,
  kDropDatabase,
  kDropMeasurement,
  kDropRetentionPolicy,
  kDropSeries,
  kDropShard,
  kDropSubscription,
  kDropUser,
  kGrant,
  kGrantAdmin,
  kRevoke,
  kRevokeAdmin,
  kAlterRetentionPolicy,
  kSetPassword,
  kKillQuery,
};

// One step of an expression in postfix order: operands come before the operator or call that takes
// them.
struct ExpressionStep {
  enum class Kind : uint8_t {
    kName,  // a tag, a field or `time`
    kString,
    kNumber,  // any number, and durations in ns
    kBoolean,
    kRegex,
    kWildcard,
    kCall,      // of `text`, with `count` arguments
    kDistinct,  // of the field `text`
    kNegation,
    kOperator,  // `type`, takes two
  };

  Kind kind = Kind::kName;
  TokenType type = TokenType::kEnd;  // of an operator; kTag, kField: `::tag`, `::field` of a name
  std::string text = {};             // of a name, string or regular expression, or as written
  size_t count = 0;
  TextPlace place = {};  // of a regular expression
};

using Expression = std::vector<ExpressionStep>;

// What FROM names; `regex` when it is a regular expression.
struct Source {
  std::string database;
  std::string retention_policy;
  std::string name;
  bool is_regex = false;
  bool is_subquery = false;  // nothing else is set
  TextPlace place;           // of a regular expression
};

struct SelectedField {
  Expression expression;
  std::string alias;
};

// Which keys SHOW TAG VALUES asks for.
struct TagKeyFilter {
  TokenType type = TokenType::kIn;  // kIn, kEqual, kNotEqual, kMatches, kNotMatches
  std::vector<std::string> keys;    // one, but for kIn
  TextPlace place;                  // of a regular expression
};

struct PolicyOptions {
  std::optional<int64_t> duration_ns;
  std::optional<int64_t> shard_duration_ns;
  std::optional<int> replicas;
  bool is_default = false;
};

struct Statement {
  StatementType type = StatementType::kSelect;
  std::string_view text;  // as written, without the `;`

  std::string name;      // of what is made, changed or ended; of a module
  std::string database;  // that ON names; empty: the one of the query
  std::string user;
  PolicyOptions policy;
  std::string policy_name;  // of CREATE DATABASE ... NAME
  bool has_policy = false;  // CREATE DATABASE ... WITH
  bool is_admin = false;
  uint64_t number = 0;  // of a shard or a query

  std::vector<Source> sources;
  Expression condition;
  TagKeyFilter tag_keys;
  uint64_t limit = 0;  // 0: none
  uint64_t offset = 0;

  bool is_exact = false;  // of SHOW ... CARDINALITY: no estimation

  // Of SELECT.
  std::vector<SelectedField> fields;
  bool is_descending = false;
  bool has_target = false;  // INTO
  bool is_plain = true;  // of cardinalities, too: no GROUP BY, fill, SLIMIT, SOFFSET or time zone
};

}  // namespace fluxgate::influx
