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
  SortNames(&names_);
}

bool TableFilter::Matches(std::string_view table, QueryBudget* budget) const {
  return all_ || std::ranges::binary_search(names_, table) ||
         std::ranges::any_of(patterns_, [&](const QueryPattern& pattern) {
           return budget->TakeSlots(pattern.Cost(table)) && pattern.Matches(table);
         });
}

void SortNames(std::vector<std::string>* names) {
  std::ranges::sort(*names);
  const auto repeated = std::ranges::unique(*names);
  names->erase(repeated.begin(), repeated.end());
}

std::optional<std::string> TableFilter::only() const {
  const bool is_one = !all_ && patterns_.empty() && names_.size() == 1;
  return is_one ? std::optional(names_.front()) : std::nullopt;
}

void WalkRows(const QueryScope& scope, const TableFilter& filter, const QueryCondition& condition,
              const RowVisitor& visit) {
  SeriesReader reader(scope.cache, scope.database, filter.only(), scope.now);
  std::optional<std::string> matched;  // rows of a table follow one another
  const RowVisitor visit_wanted = [&](const ReadRow& row) {
    if (scope.budget->is_used_up()) {
      return ReadStep::kNextTable;
    }
    if (matched != row.table()) {
      if (!filter.Matches(row.table(), scope.budget)) {
        return ReadStep::kNextTable;
      }
      matched = row.table();
    }
    return condition.Matches(row.labels(), scope.budget) ? visit(row) : ReadStep::kNextRow;
  };
  size_t passed = 0;
  do {
    passed = reader.Read(visit_wanted);
  } while (scope.budget->TakeSlots(passed) && passed > 0 && !scope.budget->is_used_up());
}

}  // namespace fluxgate
