#include "bridge/ingest/query_select.h"

#include "protocol/prometheus/label_set.h"

#include "bridge/ingest/query_points.h"
#include "bridge/ingest/query_show.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace fluxgate {
namespace {

using influx::ExpressionStep;
using influx::Statement;
using influx::TokenType;

struct SelectedColumn {
  std::string name;  // in the answer
  bool is_tag = false;
  std::string source;  // the tag
  size_t field = SIZE_MAX;
};

// Whether the one step of each field is a name or `*`.
bool IsUnderstood(const Statement& statement) {
  const auto is_plain = [](const influx::SelectedField& field) {
    return field.expression.size() == 1 &&
           (field.expression.front().kind == ExpressionStep::Kind::kName ||
            field.expression.front().kind == ExpressionStep::Kind::kWildcard);
  };
  return statement.is_plain && std::ranges::all_of(statement.fields, is_plain) &&
         std::ranges::none_of(statement.sources, &influx::Source::is_subquery);
}

bool NamesNothing(const influx::SelectedField& field) {
  return std::ranges::all_of(field.expression, [](const ExpressionStep& step) {
    return step.kind == ExpressionStep::Kind::kNumber ||
           step.kind == ExpressionStep::Kind::kString ||
           step.kind == ExpressionStep::Kind::kBoolean ||
           step.kind == ExpressionStep::Kind::kNegation ||
           step.kind == ExpressionStep::Kind::kOperator;
  });
}

// The columns behind `time`.
class ColumnList {
 public:
  ColumnList(const PointsRead& points, QueryBudget* budget, const Statement& statement)
      : points_(points), budget_(budget), used_{std::string(kTime)} {
    for (const influx::SelectedField& field : statement.fields) {
      used_.insert(field.alias);
    }
    for (const influx::SelectedField& field : statement.fields) {
      const ExpressionStep& step = field.expression.front();
      if (step.kind == ExpressionStep::Kind::kWildcard) {
        AddAll(step.type);
      } else if (!IsTime(field)) {
        Add(step.text, step.type, field.alias);
      }
    }
  }

  const std::vector<SelectedColumn>& columns() const { return columns_; }

  // Whether any column is a field that is there.
  bool has_field() const { return !fields_.empty(); }

  // Whether any column is the field of this number.
  bool HasField(size_t field) const { return fields_.contains(field); }

 private:
  // `type`: kTag or kField when only these are meant.
  void AddAll(TokenType type) {
    std::set<std::string, std::less<>> names;
    if (type != TokenType::kField) {
      names.insert(points_.tags.begin(), points_.tags.end());
    }
    if (type != TokenType::kTag) {
      for (const auto& [key, number] : points_.fields) {
        names.insert(key);
      }
    }
    for (const std::string& name : names) {
      const bool is_both = points_.fields.contains(name) && points_.tags.contains(name);
      if (is_both && type == TokenType::kEnd) {
        Add(name, TokenType::kField, {});
        Add(name, TokenType::kTag, {});
      } else {
        Add(name, type, {});
      }
    }
  }

  void Add(std::string_view name, TokenType type, std::string_view alias) {
    if (!budget_->TakeText(alias.empty() ? name : alias)) {
      return;
    }
    SelectedColumn column;
    const auto field = points_.fields.find(name);
    if (type != TokenType::kTag && field != points_.fields.end()) {
      column.field = field->second;
      fields_.insert(field->second);
    } else if (type != TokenType::kField) {
      column.is_tag = true;
      column.source = CachedName(name);
    }
    column.name = alias.empty() ? FreeName(name) : std::string(alias);
    columns_.push_back(std::move(column));
  }

  std::string FreeName(std::string_view name) {
    std::string free(name);
    for (size_t& number = last_number_[std::string(name)]; !used_.insert(free).second;) {
      free = std::string(name) + "_" + std::to_string(++number);
    }
    return free;
  }

  const PointsRead& points_;
  QueryBudget* const budget_;
  std::set<std::string> used_;
  std::map<std::string, size_t> last_number_;
  std::vector<SelectedColumn> columns_;
  std::set<size_t> fields_;
};

using Tags = std::map<std::string, std::string, std::less<>>;

Tags TagsOf(std::string_view labels) {
  Tags tags;
  std::string scratch;
  std::string_view name;
  std::string_view value;
  while (prom::TakeLabel(&labels, &name, &value, &scratch)) {
    tags.emplace(name, value);
  }
  return tags;
}

QueryValue TagValue(const SelectedColumn& column, const Tags& tags, QueryBudget* budget) {
  const auto found = tags.find(column.source);
  if (found == tags.end() || !budget->TakeText(found->second)) {
    return {};
  }
  return found->second;
}

// The row of a point; empty when it has none of the fields, or the budget is used up.
QueryRow RowOf(const PointRead& point, const ColumnList& list, QueryBudget* budget) {
  const bool has_field = std::ranges::any_of(
      point.values, [&](const auto& value) { return list.HasField(value.first); });
  if (!has_field || !budget->TakeCells(list.columns().size() + 1)) {
    return {};
  }
  const std::map<size_t, double> values(point.values.begin(), point.values.end());
  const Tags tags = TagsOf(point.labels);
  QueryRow row = {QueryTime{point.time_ns}};
  for (const SelectedColumn& column : list.columns()) {
    const auto value = values.find(column.field);
    if (column.is_tag) {
      row.push_back(TagValue(column, tags, budget));
    } else if (value != values.end()) {
      if (!budget->TakeDigits(value->second)) {
        return {};
      }
      row.emplace_back(value->second);
    } else {
      row.emplace_back();
    }
  }
  return row;
}

// The series of a measurement; without rows when the budget does not reach for its columns.
QuerySeries SeriesOf(const Statement& statement, const ColumnList& list, std::string_view table,
                     const TablePoints& points, QueryBudget* budget) {
  QuerySeries series{.name = std::string(table), .columns = {std::string(kTime)}, .rows = {}};
  for (const SelectedColumn& column : list.columns()) {
    if (!budget->TakeText(column.name)) {
      return series;
    }
    series.columns.push_back(column.name);
  }
  for (const PointRead& point : points) {
    QueryRow row = RowOf(point, list, budget);
    if (!row.empty()) {
      series.rows.push_back(std::move(row));
    }
  }
  ApplyLimit(statement, &series.rows);
  return series;
}

}  // namespace

void SelectLastValues(const Statement& statement, const QueryScope& scope, QueryResult* result) {
  if (std::ranges::any_of(statement.fields, NamesNothing)) {
    result->error = "field must contain at least one variable";
    return;
  }
  if (std::ranges::all_of(statement.fields, IsTime)) {
    result->error = "at least 1 non-time field must be queried";
    return;
  }
  const QueryCondition condition(statement.condition, TimeRule::kNotUnderstood);
  if (!IsUnderstood(statement) || !condition.is_understood()) {
    return;
  }
  PointsRead points;
  PointCollector collector(&statement, &condition, scope.budget, &points);
  WalkRows(scope, TableFilter(statement.sources), QueryCondition({}, TimeRule::kTrue),
           [&](const ReadRow& row) { return collector.Take(row); });
  if (collector.is_cut()) {
    scope.budget->UseUp();
  }
  const ColumnList list(points, scope.budget, statement);
  if (!list.has_field()) {
    return;
  }
  result->splits_rows = true;
  for (const auto& [table, of_table] : points.of_table) {
    QuerySeries series = SeriesOf(statement, list, table, of_table, scope.budget);
    if (!series.rows.empty()) {
      result->series.push_back(std::move(series));
    }
  }
}

}  // namespace fluxgate
