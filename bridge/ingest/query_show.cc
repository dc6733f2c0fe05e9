#include "bridge/ingest/query_show.h"

#include "protocol/influx/escape.h"
#include "protocol/prometheus/label_set.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

namespace fluxgate {
namespace {

using influx::Statement;
using influx::TokenType;

// Cells whose names are looked up in the time of a slot.
constexpr size_t kCellsOfSlot = 4;

using Texts = std::set<std::string, std::less<>>;

// By measurement, what a statement lists of it.
template <typename Entry>
using Entries = std::set<Entry, std::less<>>;
template <typename Entry>
using Listing = std::map<std::string, Entries<Entry>, std::less<>>;

template <typename Visit>
void ForEachLabel(std::string_view labels, const Visit& visit) {
  std::string scratch;
  std::string_view name;
  std::string_view value;
  while (prom::TakeLabel(&labels, &name, &value, &scratch)) {
    visit(name, value);
  }
}

// Walks the rows that the statement is about, if its WHERE is understood.
void Walk(const Statement& statement, const QueryScope& scope, const RowVisitor& visit) {
  const QueryCondition condition(statement.condition, TimeRule::kTrue);
  if (condition.is_understood()) {
    WalkRows(scope, TableFilter(statement.sources), condition, visit);
  }
}

// The entries that a measurement is found with first.
template <typename Entry>
Entries<Entry>* EntriesOf(std::string_view table, QueryBudget* budget, Listing<Entry>* listing) {
  const auto found = listing->find(table);
  if (found != listing->end()) {
    return &found->second;
  }
  return budget->TakeText(table) ? &(*listing)[std::string(table)] : nullptr;
}

void AddText(std::string_view text, QueryBudget* budget, Texts* entries) {
  if (entries != nullptr && !entries->contains(text) && budget->TakeText(text)) {
    entries->emplace(text);
  }
}

// A series for each measurement of which rows are left.
template <typename Entry, typename RowOf>
void AddSeries(const Statement& statement, const Listing<Entry>& listing,
               const std::vector<std::string>& columns, const RowOf& row_of, QueryResult* result) {
  for (const auto& [table, entries] : listing) {
    std::vector<QueryRow> rows;
    for (const Entry& entry : entries) {
      rows.push_back(row_of(entry));
    }
    ApplyLimit(statement, &rows);
    if (!rows.empty()) {
      result->series.push_back({table, columns, std::move(rows)});
    }
  }
}

// A series of one column; none without rows.
void AddColumn(const Statement& statement, std::string name, std::string column,
               const Texts& entries, QueryResult* result) {
  std::vector<QueryRow> rows;
  for (const std::string& entry : entries) {
    rows.push_back({entry});
  }
  ApplyLimit(statement, &rows);
  if (!rows.empty()) {
    result->series.push_back({std::move(name), {std::move(column)}, std::move(rows)});
  }
}

class KeyFilter {
 public:
  explicit KeyFilter(const influx::TagKeyFilter& filter)
      : is_positive_(filter.type != TokenType::kNotEqual && filter.type != TokenType::kNotMatches) {
    if (filter.type == TokenType::kMatches || filter.type == TokenType::kNotMatches) {
      pattern_.emplace(filter.keys.front());
    } else {
      std::ranges::transform(filter.keys, std::back_inserter(keys_), CachedName);
      SortNames(&keys_);
    }
  }

  bool Matches(std::string_view key, QueryBudget* budget) const {
    if (!pattern_) {
      return std::ranges::binary_search(keys_, key) == is_positive_;
    }
    return budget->TakeSlots(pattern_->Cost(key)) && pattern_->Matches(key) == is_positive_;
  }

 private:
  const bool is_positive_;
  std::optional<QueryPattern> pattern_;
  std::vector<std::string> keys_;  // in order
};

// As line protocol escapes a tag.
void AppendEscapedTag(std::string_view text, std::string* out) {
  for (const char byte : text) {
    if (byte == ',' || byte == ' ' || byte == '=') {
      out->push_back('\\');
    }
    out->push_back(byte);
  }
}

std::string SeriesKey(const ReadRow& row) {
  std::string key(row.table());
  ForEachLabel(row.labels(), [&](std::string_view name, std::string_view value) {
    key += "," + std::string(name) + "=";
    AppendEscapedTag(value, &key);
  });
  return key;
}

Texts ReadMeasurements(const Statement& statement, const QueryScope& scope) {
  Texts tables;
  Walk(statement, scope, [&](const ReadRow& row) {
    AddText(row.table(), scope.budget, &tables);
    return ReadStep::kNextTable;
  });
  return tables;
}

Listing<std::string> ReadTagKeys(const Statement& statement, const QueryScope& scope) {
  Listing<std::string> listing;
  Walk(statement, scope, [&](const ReadRow& row) {
    Texts* const keys = EntriesOf(row.table(), scope.budget, &listing);
    ForEachLabel(row.labels(), [&](std::string_view name, std::string_view) {
      AddText(name, scope.budget, keys);
    });
    return ReadStep::kNextRow;
  });
  return listing;
}

using TagPair = std::pair<std::string, std::string>;

Listing<TagPair> ReadTagValues(const Statement& statement, const QueryScope& scope) {
  const KeyFilter filter(statement.tag_keys);
  Listing<TagPair> listing;
  Walk(statement, scope, [&](const ReadRow& row) {
    Entries<TagPair>* const pairs = EntriesOf(row.table(), scope.budget, &listing);
    ForEachLabel(row.labels(), [&](std::string_view name, std::string_view value) {
      if (pairs == nullptr || !filter.Matches(name, scope.budget)) {
        return;
      }
      TagPair pair(name, value);
      if (!pairs->contains(pair) && scope.budget->TakeText(name) && scope.budget->TakeText(value)) {
        pairs->insert(std::move(pair));
      }
    });
    return ReadStep::kNextRow;
  });
  return listing;
}

void AddFieldKeys(const ReadRow& row, QueryBudget* budget, Listing<std::string>* listing) {
  std::string scratch;
  Texts* const keys = EntriesOf(row.table(), budget, listing);
  if (!budget->TakeSlots(row.cell_count() / kCellsOfSlot)) {
    return;
  }
  row.ForEachValue([&](const ReadValue& value) {
    AddText(influx::UnescapeFieldKey(value.key, &scratch), budget, keys);
  });
}

// Of all rows: InfluxDB does not look at the condition.
Listing<std::string> ReadFieldKeys(const Statement& statement, const QueryScope& scope) {
  Listing<std::string> listing;
  WalkRows(scope, TableFilter(statement.sources), QueryCondition({}, TimeRule::kTrue),
           [&](const ReadRow& row) {
             AddFieldKeys(row, scope.budget, &listing);
             return ReadStep::kNextRow;
           });
  return listing;
}

// How many rows each measurement has: each is a series.
std::map<std::string, size_t, std::less<>> CountSeries(const Statement& statement,
                                                       const QueryScope& scope) {
  std::map<std::string, size_t, std::less<>> counts;
  Walk(statement, scope, [&](const ReadRow& row) {
    auto found = counts.find(row.table());
    if (found == counts.end() && scope.budget->TakeText(row.table())) {
      found = counts.emplace(row.table(), 0).first;
    }
    if (found != counts.end()) {
      ++found->second;
    }
    return ReadStep::kNextRow;
  });
  return counts;
}

bool NamesTime(const influx::Expression& condition) {
  return std::ranges::any_of(condition, [](const influx::ExpressionStep& step) {
    return step.kind == influx::ExpressionStep::Kind::kName && step.text == "time";
  });
}

// Whether a cardinality can be counted; `words`: the statement as InfluxDB names it.
bool CheckCardinality(const Statement& statement, std::string_view words, QueryResult* result) {
  if (NamesTime(statement.condition)) {
    result->error =
        absl::StrFormat("SHOW %s CARDINALITY doesn't support time in WHERE clause", words);
  }
  return !result->has_error() && statement.is_plain;
}

// What was cut is not counted: it would be told as the whole.
void AddCount(const Statement& statement, const QueryScope& scope, std::string table,
              std::string column, size_t count, QueryResult* result) {
  if (scope.budget->is_used_up()) {
    return;
  }
  std::vector<QueryRow> rows = {{static_cast<int64_t>(count)}};
  ApplyLimit(statement, &rows);
  if (!rows.empty()) {
    result->series.push_back({std::move(table), {std::move(column)}, std::move(rows)});
  }
}

template <typename Entry, typename CountOf>
void AddCounts(const Statement& statement, const QueryScope& scope, const Listing<Entry>& listing,
               const CountOf& count_of, QueryResult* result) {
  for (const auto& [table, entries] : listing) {
    if (const size_t count = count_of(entries); count > 0) {
      AddCount(statement, scope, table, "count", count, result);
    }
  }
}

size_t CountAll(const Texts& entries) {
  return entries.size();
}

size_t CountValues(const Entries<TagPair>& pairs) {
  std::set<std::string_view> values;
  for (const TagPair& pair : pairs) {
    values.insert(pair.second);
  }
  return values.size();
}

}  // namespace

bool IsEstimation(const Statement& statement) {
  return !statement.is_exact && statement.is_plain && statement.sources.empty() &&
         statement.condition.empty() && statement.limit == 0 && statement.offset == 0;
}

void ApplyLimit(const Statement& statement, std::vector<QueryRow>* rows) {
  const auto offset = static_cast<ptrdiff_t>(std::min<size_t>(statement.offset, rows->size()));
  rows->erase(rows->begin(), rows->begin() + offset);
  if (statement.limit > 0 && statement.limit < rows->size()) {
    rows->resize(statement.limit);
  }
}

void ShowMeasurements(const Statement& statement, const QueryScope& scope, QueryResult* result) {
  AddColumn(statement, "measurements", "name", ReadMeasurements(statement, scope), result);
}

void ShowTagKeys(const Statement& statement, const QueryScope& scope, QueryResult* result) {
  AddSeries(
      statement, ReadTagKeys(statement, scope), {"tagKey"},
      [](const std::string& key) { return QueryRow{key}; }, result);
}

void ShowTagValues(const Statement& statement, const QueryScope& scope, QueryResult* result) {
  AddSeries(
      statement, ReadTagValues(statement, scope), {"key", "value"},
      [](const TagPair& pair) { return QueryRow{pair.first, pair.second}; }, result);
}

void ShowFieldKeys(const Statement& statement, const QueryScope& scope, QueryResult* result) {
  AddSeries(
      statement, ReadFieldKeys(statement, scope), {"fieldKey", "fieldType"},
      [](const std::string& key) { return QueryRow{key, std::string("float")}; }, result);
}

void ShowSeries(const Statement& statement, const QueryScope& scope, QueryResult* result) {
  Texts keys;
  Walk(statement, scope, [&](const ReadRow& row) {
    AddText(SeriesKey(row), scope.budget, &keys);
    return ReadStep::kNextRow;
  });
  AddColumn(statement, "", "key", keys, result);
}

void ShowMeasurementCardinality(const Statement& statement, const QueryScope& scope,
                                QueryResult* result) {
  if (CheckCardinality(statement, "MEASUREMENT EXACT", result)) {
    const size_t count = ReadMeasurements(statement, scope).size();
    if (count > 0 || IsEstimation(statement)) {
      AddCount(statement, scope, "", IsEstimation(statement) ? kCardinalityEstimation : "count",
               count, result);
    }
  }
}

void ShowTagKeyCardinality(const Statement& statement, const QueryScope& scope,
                           QueryResult* result) {
  if (CheckCardinality(statement, "TAG KEY EXACT", result)) {
    AddCounts(statement, scope, ReadTagKeys(statement, scope), CountAll, result);
  }
}

void ShowTagValuesCardinality(const Statement& statement, const QueryScope& scope,
                              QueryResult* result) {
  if (statement.is_plain && !NamesTime(statement.condition)) {
    AddCounts(statement, scope, ReadTagValues(statement, scope), CountValues, result);
  }
}

void ShowFieldKeyCardinality(const Statement& statement, const QueryScope& scope,
                             QueryResult* result) {
  if (CheckCardinality(statement, "FIELD KEY", result)) {
    AddCounts(statement, scope, ReadFieldKeys(statement, scope), CountAll, result);
  }
}

void ShowSeriesCardinality(const Statement& statement, const QueryScope& scope,
                           QueryResult* result) {
  if (!CheckCardinality(statement, "SERIES EXACT", result)) {
    return;
  }
  size_t all = 0;
  for (const auto& [table, count] : CountSeries(statement, scope)) {
    all += count;
    if (!IsEstimation(statement)) {
      AddCount(statement, scope, table, "count", count, result);
    }
  }
  if (IsEstimation(statement)) {
    AddCount(statement, scope, "", kCardinalityEstimation, all, result);
  }
}

}  // namespace fluxgate
