// Walks the rows of the cache that a statement is about.
//
// Bounds: what a walk costs is taken from the budget; it ends when that is used up.
// Thread: compatible.
#pragma once

#include "protocol/influx/influxql_statement.h"

#include "bridge/base/clock.h"
#include "bridge/cache/series_reader.h"
#include "bridge/ingest/query_condition.h"
#include "bridge/ingest/query_pattern.h"
#include "bridge/ingest/query_result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate {

// Where a statement reads. All outlive it.
struct QueryScope {
  SeriesCache* cache = nullptr;
  DatabaseId database = 0;
  Now now;
  QueryBudget* budget = nullptr;
};

// The measurements that sources name; all when there are none.
class TableFilter {
 public:
  explicit TableFilter(const std::vector<influx::Source>& sources);

  // Regular expressions are paid for; when the budget is used up, nothing matches.
  bool Matches(std::string_view table, QueryBudget* budget) const;

  // The only table that can match, if there is but one.
  std::optional<std::string> only() const;

 private:
  bool all_ = false;
  std::vector<std::string> names_;  // in order
  std::vector<QueryPattern> patterns_;
};

// In order and each once, so that a search in many names takes no time.
void SortNames(std::vector<std::string>* names);

// Calls `visit` for the live rows of the tables that match and whose labels meet the condition.
void WalkRows(const QueryScope& scope, const TableFilter& filter, const QueryCondition& condition,
              const RowVisitor& visit);

}  // namespace fluxgate
