#include "bridge/ingest/query_show.h"

#include "protocol/influx/escape.h"
#include "protocol/prometheus/label_set.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

namespace fluxgate {
namespace {

using influx::Statement;
using influx::TokenType;

// By measurement, what a statement lists of it.
template <typename Entry>
using Listing = std::map<std::string, std::set<Entry>, std::less<>>;

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
std::set<Entry>* EntriesOf(std::string_view table, QueryBudget* budget, Listing<Entry>* listing) {
  const auto found = listing->find(table);
  if (found != listing->end()) {
    return &found->second;
  }
  return budget->TakeText(table) ? &(*listing)[std::string(table)] : nullptr;
}

void AddText(std::string_view text, QueryBudget* budget, std::set<std::string>* entries) {
  std::string entry(text);
  if (entries != nullptr && !entries->contains(entry) && budget->TakeText(text)) {
    entries->insert(std::move(entry));
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
               const std::set<std::string>& entries, QueryResult* result) {
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

}  // namespace

void ApplyLimit(const Statement& statement, std::vector<QueryRow>* rows) {
  const auto offset = static_cast<ptrdiff_t>(std::min<size_t>(statement.offset, rows->size()));
  rows->erase(rows->begin(), rows->begin() + offset);
  if (statement.limit > 0 && statement.limit < rows->size()) {
    rows->resize(statement.limit);
  }
}

void ShowMeasurements(const Statement& statement, const QueryScope& scope, QueryResult* result) {
  std::set<std::string> tables;
  Walk(statement, scope, [&](const ReadRow& row) {
    AddText(row.table(), scope.budget, &tables);
    return ReadStep::kNextTable;
  });
  AddColumn(statement, "measurements", "name", tables, result);
}

void ShowTagKeys(const Statement& statement, const QueryScope& scope, QueryResult* result) {
  Listing<std::string> listing;
  Walk(statement, scope, [&](const ReadRow& row) {
    std::set<std::string>* const keys = EntriesOf(row.table(), scope.budget, &listing);
    ForEachLabel(row.labels(), [&](std::string_view name, std::string_view) {
      AddText(name, scope.budget, keys);
    });
    return ReadStep::kNextRow;
  });
  AddSeries(
      statement, listing, {"tagKey"}, [](const std::string& key) { return QueryRow{key}; }, result);
}

void ShowTagValues(const Statement& statement, const QueryScope& scope, QueryResult* result) {
  using Pair = std::pair<std::string, std::string>;
  const KeyFilter filter(statement.tag_keys);
  Listing<Pair> listing;
  Walk(statement, scope, [&](const ReadRow& row) {
    std::set<Pair>* const pairs = EntriesOf(row.table(), scope.budget, &listing);
    ForEachLabel(row.labels(), [&](std::string_view name, std::string_view value) {
      if (pairs == nullptr || !filter.Matches(name, scope.budget)) {
        return;
      }
      Pair pair(name, value);
      if (!pairs->contains(pair) && scope.budget->TakeText(name) && scope.budget->TakeText(value)) {
        pairs->insert(std::move(pair));
      }
    });
    return ReadStep::kNextRow;
  });
  AddSeries(
      statement, listing, {"key", "value"},
      [](const Pair& pair) { return QueryRow{pair.first, pair.second}; }, result);
}

void ShowFieldKeys(const Statement& statement, const QueryScope& scope, QueryResult* result) {
  Listing<std::string> listing;
  std::string scratch;
  Walk(statement, scope, [&](const ReadRow& row) {
    std::set<std::string>* const keys = EntriesOf(row.table(), scope.budget, &listing);
    row.ForEachValue([&](const ReadRow::Value& value) {
      AddText(influx::UnescapeFieldKey(value.key, &scratch), scope.budget, keys);
    });
    return ReadStep::kNextRow;
  });
  AddSeries(
      statement, listing, {"fieldKey", "fieldType"},
      [](const std::string& key) { return QueryRow{key, std::string("float")}; }, result);
}

void ShowSeries(const Statement& statement, const QueryScope& scope, QueryResult* result) {
  std::set<std::string> keys;
  Walk(statement, scope, [&](const ReadRow& row) {
    AddText(SeriesKey(row), scope.budget, &keys);
    return ReadStep::kNextRow;
  });
  AddColumn(statement, "", "key", keys, result);
}

}  // namespace fluxgate
