#include "bridge/ingest/query_statements.h"

#include "protocol/influx/influxql_duration.h"
#include "protocol/influx/influxql_text.h"

#include "bridge/ingest/query_select.h"
#include "bridge/ingest/query_show.h"
#include "bridge/ingest/query_walk.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <string>
#include <utility>

namespace fluxgate {
namespace {

using influx::Statement;
using S = influx::StatementType;

// One statement and what it is answered with.
struct Execution {
  const Statement& statement;
  std::string_view database;  // of the request
  const QueryContext& context;
  QueryBudget* budget;
  QueryResult* result;
};

std::string DatabaseOf(const Execution& execution) {
  const Statement& statement = execution.statement;
  if (!statement.sources.empty() && !statement.sources.front().database.empty()) {
    return statement.sources.front().database;
  }
  return statement.database.empty() ? std::string(execution.database) : statement.database;
}

// The database that the statement reads; nullopt, with an error, when there is none.
std::optional<DatabaseId> FindDatabase(const Execution& execution) {
  const std::string name = DatabaseOf(execution);
  if (name.empty()) {
    execution.result->error = "database name required";
    return std::nullopt;
  }
  const std::optional<DatabaseId> id = execution.context.cache->databases().Find(name);
  if (!id) {
    execution.result->error = DatabaseNotFound(name);
  }
  return id;
}

using Reading = void (*)(const Statement&, const QueryScope&, QueryResult*);

template <Reading kReading>
void Read(const Execution& execution) {
  if (execution.budget->is_used_up()) {
    execution.budget->UseUp();  // short again
    return;
  }
  if (const std::optional<DatabaseId> id = FindDatabase(execution)) {
    const QueryContext& context = execution.context;
    kReading(execution.statement, {context.cache, *id, context.now, execution.budget},
             execution.result);
  }
}

void Select(const Execution& execution) {
  if (!execution.statement.has_target) {
    return Read<SelectLastValues>(execution);
  }
  if (FindDatabase(execution)) {  // nothing is written: there is no history to write to
    execution.result->series.push_back(
        {"result", {"time", "written"}, {{QueryTime{0}, int64_t{0}}}});
  }
}

// An unknown database has no measurements; that is no error.
void ReadMeasurements(const Execution& execution) {
  Read<ShowMeasurements>(execution);
  if (execution.result->error.starts_with("database not found")) {
    execution.result->error.clear();
  }
}

// An unknown database has an estimation of 0; to count it is an error.
template <Reading kReading>
void ReadCardinality(const Execution& execution) {
  Read<kReading>(execution);
  if (IsEstimation(execution.statement) &&
      execution.result->error.starts_with("database not found")) {
    execution.result->error.clear();
    execution.result->series.push_back(
        {.name = {}, .columns = {kCardinalityEstimation}, .rows = {{int64_t{0}}}});
  }
}

void RequireDatabase(const Execution& execution) {
  FindDatabase(execution);
}

void Accept(const Execution& /*execution*/) {}

void ShowDatabases(const Execution& execution) {
  QuerySeries series{.name = "databases", .columns = {"name"}, .rows = {}};
  for (std::string& name : execution.context.cache->databases().Names()) {
    if (execution.budget->TakeText(name)) {
      series.rows.push_back({std::move(name)});
    }
  }
  execution.result->series.push_back(std::move(series));
}

void ShowRetentionPolicies(const Execution& execution) {
  if (!FindDatabase(execution)) {
    return;
  }
  QuerySeries series{.name = {},
                     .columns = {"name", "duration", "shardGroupDuration", "replicaN", "default"},
                     .rows = {}};
  for (RetentionPolicy& policy : execution.context.catalog->Policies(DatabaseOf(execution))) {
    if (execution.budget->TakeText(policy.name) && execution.budget->TakeCells(4)) {
      series.rows.push_back({std::move(policy.name),
                             influx::FormatClockDuration(policy.duration_ns),
                             influx::FormatClockDuration(policy.shard_duration_ns),
                             int64_t{policy.replicas}, policy.is_default});
    }
  }
  execution.result->series.push_back(std::move(series));
}

void ShowUsers(const Execution& execution) {
  QuerySeries series{.name = {}, .columns = {"user", "admin"}, .rows = {}};
  for (QueryUser& user : execution.context.catalog->Users()) {
    if (execution.budget->TakeText(user.name)) {
      series.rows.push_back({std::move(user.name), user.is_admin});
    }
  }
  execution.result->series.push_back(std::move(series));
}

void ShowGrants(const Execution& execution) {
  if (!execution.context.catalog->HasUser(execution.statement.name)) {
    execution.result->error = "user not found";
    return;
  }
  execution.result->series.push_back(
      {.name = {}, .columns = {"database", "privilege"}, .rows = {}});
}

void ShowDiagnostics(const Execution& execution) {
  if (execution.statement.name.empty() || execution.statement.name == "build") {
    execution.result->series.push_back(
        {"build",
         {"Branch", "Build Time", "Commit", "Version"},
         {{std::string("unknown"), std::string(), std::string("unknown"),
           std::string(execution.context.reported_version)}}});
  }
}

void ShowContinuousQueries(const Execution& execution) {
  for (std::string& name : execution.context.cache->databases().Names()) {
    if (execution.budget->TakeText(name)) {
      execution.result->series.push_back(
          {.name = std::move(name), .columns = {"name", "query"}, .rows = {}});
    }
  }
}

void CreateDatabase(const Execution& execution) {
  const Statement& statement = execution.statement;
  execution.result->error = execution.context.catalog->CreateDatabase(
      statement.name, statement.policy_name, statement.has_policy ? &statement.policy : nullptr);
}

void DropDatabase(const Execution& execution) {
  execution.context.catalog->DropDatabase(execution.statement.name);
}

void CreatePolicy(const Execution& execution) {
  const Statement& statement = execution.statement;
  execution.result->error =
      execution.context.catalog->CreatePolicy(statement.database, statement.name, statement.policy);
}

void AlterPolicy(const Execution& execution) {
  const Statement& statement = execution.statement;
  execution.result->error =
      execution.context.catalog->AlterPolicy(statement.database, statement.name, statement.policy);
}

void DropPolicy(const Execution& execution) {
  execution.context.catalog->DropPolicy(execution.statement.database, execution.statement.name);
}

void CreateUser(const Execution& execution) {
  execution.result->error =
      execution.context.catalog->CreateUser(execution.statement.name, execution.statement.is_admin);
}

void DropUser(const Execution& execution) {
  execution.result->error = execution.context.catalog->DropUser(execution.statement.name);
}

void SetAdmin(const Execution& execution) {
  execution.result->error = execution.context.catalog->SetAdmin(
      execution.statement.user, execution.statement.type == S::kGrantAdmin);
}

// A grant on a database changes nothing: whoever may write may write everywhere.
void CheckGrant(const Execution& execution) {
  const Statement& statement = execution.statement;
  if (!execution.context.cache->databases().Find(statement.database)) {
    execution.result->error = DatabaseNotFound(statement.database);
  } else if (!execution.context.catalog->HasUser(statement.user)) {
    execution.result->error = "user not found";
  }
}

void SetPassword(const Execution& execution) {
  if (!execution.context.catalog->HasUser(execution.statement.user)) {
    execution.result->error = "user not found";
  }
}

void CheckNamedDatabase(const Execution& execution) {
  if (!execution.context.cache->databases().Find(execution.statement.database)) {
    execution.result->error = DatabaseNotFound(execution.statement.database);
  }
}

void KillQuery(const Execution& execution) {
  execution.result->error = absl::StrFormat("no such query id: %d", execution.statement.number);
}

// How a kind of statement is answered, and whether it changes something: InfluxDB warns of those
// that do and come by GET.
struct StatementKind {
  influx::StatementType type;
  void (*execute)(const Execution&);
  bool is_change = false;
};

constexpr StatementKind kKinds[] = {
    {S::kSelect, Select},
    {S::kExplain, RequireDatabase},
    {S::kDelete, RequireDatabase},
    {S::kShowContinuousQueries, ShowContinuousQueries},
    {S::kShowDatabases, ShowDatabases},
    {S::kShowDiagnostics, ShowDiagnostics},
    {S::kShowFieldKeys, Read<ShowFieldKeys>},
    {S::kShowGrants, ShowGrants},
    {S::kShowFieldKeyCardinality, Read<ShowFieldKeyCardinality>},
    {S::kShowMeasurementCardinality, ReadCardinality<ShowMeasurementCardinality>},
    {S::kShowSeriesCardinality, ReadCardinality<ShowSeriesCardinality>},
    {S::kShowTagKeyCardinality, Read<ShowTagKeyCardinality>},
    {S::kShowTagValuesCardinality, Read<ShowTagValuesCardinality>},
    {S::kShowMeasurements, ReadMeasurements},
    {S::kShowQueries, Accept},
    {S::kShowRetentionPolicies, ShowRetentionPolicies},
    {S::kShowSeries, Read<ShowSeries>},
    {S::kShowShardGroups, Accept},
    {S::kShowShards, Accept},
    {S::kShowStats, Accept},
    {S::kShowSubscriptions, Accept},
    {S::kShowTagKeys, Read<ShowTagKeys>},
    {S::kShowTagValues, Read<ShowTagValues>},
    {S::kShowUsers, ShowUsers},
    {S::kCreateContinuousQuery, CheckNamedDatabase, true},
    {S::kCreateDatabase, CreateDatabase, true},
    {S::kCreateRetentionPolicy, CreatePolicy, true},
    {S::kCreateSubscription, CheckNamedDatabase, true},
    {S::kCreateUser, CreateUser, true},
    {S::kDropContinuousQuery, Accept, true},
    {S::kDropDatabase, DropDatabase, true},
    {S::kDropMeasurement, RequireDatabase, true},
    {S::kDropRetentionPolicy, DropPolicy, true},
    {S::kDropSeries, RequireDatabase, true},
    {S::kDropShard, Accept, true},
    {S::kDropSubscription, CheckNamedDatabase, true},
    {S::kDropUser, DropUser, true},
    {S::kGrant, CheckGrant, true},
    {S::kGrantAdmin, SetAdmin, true},
    {S::kRevoke, CheckGrant, true},
    {S::kRevokeAdmin, SetAdmin, true},
    {S::kAlterRetentionPolicy, AlterPolicy, true},
    {S::kSetPassword, SetPassword, true},
    {S::kKillQuery, KillQuery},
};

constexpr bool AreInOrder() {
  for (size_t i = 0; i < std::size(kKinds); ++i) {
    if (kKinds[i].type != static_cast<S>(i)) {
      return false;
    }
  }
  return true;
}
static_assert(AreInOrder());

void Warn(const Statement& statement, QueryResult* result) {
  result->warning = absl::StrFormat(
      "deprecated use of '%s' in a read only context, please use a POST request instead",
      influx::CanonicalText(statement.text));
}

// CSV repeats the name of a series in each row.
void PayForNames(QueryBudget* budget, QueryResult* result) {
  for (QuerySeries& series : result->series) {
    const size_t cells = series.name.size() / sizeof(QueryValue);
    size_t paid = 0;
    while (paid < series.rows.size() && (cells == 0 || budget->TakeCells(cells))) {
      ++paid;
    }
    series.rows.resize(paid);
  }
}

void MarkCut(QueryResult* result) {
  if (result->series.empty()) {
    result->error = "query is too costly";
  } else {
    result->series.back().is_partial = true;
  }
}

}  // namespace

std::vector<QueryResult> ExecuteStatements(std::span<const Statement> statements,
                                           std::string_view database, bool is_read_only,
                                           const QueryContext& context) {
  QueryBudget budget;
  std::vector<QueryResult> results;
  bool has_failed = false;
  for (const Statement& statement : statements) {
    QueryResult& result = results.emplace_back();
    result.statement = results.size() - 1;
    if (has_failed) {
      result.error = "not executed";
      continue;
    }
    const StatementKind& kind = kKinds[static_cast<size_t>(statement.type)];
    kind.execute({statement, database, context, &budget, &result});
    has_failed = result.has_error();
    if (is_read_only && !has_failed && (kind.is_change || statement.has_target)) {
      Warn(statement, &result);
    }
    PayForNames(&budget, &result);
    if (budget.TakeWasShort() && !has_failed) {
      MarkCut(&result);
    }
  }
  return results;
}

}  // namespace fluxgate
