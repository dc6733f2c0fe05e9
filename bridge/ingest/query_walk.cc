#include "bridge/ingest/query_walk.h"

#include <algorithm>

namespace fluxgate {

TableFilter::TableFilter(const std::vector<influx::Source>& sources) : all_(sources.empty()) {
  for (const influx::Source& source : sources) {
    if (source.is_regex) {
      patterns_.emplace_back(source.name);
    } else if (!source.is_subquery) {
      names_.push_back(CachedName(source.name));
    }
  }
}

bool TableFilter::Matches(std::string_view table) const {
  return all_ || std::ranges::find(names_, table) != names_.end() ||
         std::ranges::any_of(patterns_, [&](const QueryPattern& p) { return p.Matches(table); });
}

std::optional<std::string> TableFilter::only() const {
  const bool is_one = !all_ && patterns_.empty() && names_.size() == 1;
  return is_one ? std::optional(names_.front()) : std::nullopt;
}

void WalkRows(const QueryScope& scope, const TableFilter& filter, const QueryCondition& condition,
              const RowVisitor& visit) {
  SeriesReader reader(scope.cache, scope.database, filter.only(), scope.now);
  const RowVisitor visit_wanted = [&](const ReadRow& row) {
    if (!filter.Matches(row.table()) || !scope.budget->TakeSlots(condition.cost())) {
      return ReadStep::kNextTable;
    }
    return condition.Matches(row.labels()) ? visit(row) : ReadStep::kNextRow;
  };
  size_t passed = 0;
  do {
    passed = reader.Read(visit_wanted);
  } while (scope.budget->TakeSlots(passed) && passed > 0 && !scope.budget->is_used_up());
}

}  // namespace fluxgate
