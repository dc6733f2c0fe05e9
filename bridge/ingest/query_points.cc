#include "bridge/ingest/query_points.h"

#include "protocol/influx/escape.h"
#include "protocol/prometheus/label_set.h"

#include <algorithm>
#include <iterator>

namespace fluxgate {
namespace {

using influx::ExpressionStep;
using influx::Statement;
using influx::TokenType;

// Cells whose names are looked up in the time of a slot.
constexpr size_t kCellsOfSlot = 16;

// The points that LIMIT and OFFSET leave need no more rows than these.
size_t RowsWanted(const Statement& statement) {
  return statement.limit == 0 || statement.offset > SIZE_MAX - statement.limit
             ? SIZE_MAX
             : statement.offset + statement.limit;
}

size_t SizeOf(const PointRead& point) {
  return QueryBudget::TextCost(point.labels) + QueryBudget::CellsCost(2 * point.values.size());
}

}  // namespace

bool IsTime(const influx::SelectedField& field) {
  return field.expression.size() == 1 &&
         field.expression.front().kind == ExpressionStep::Kind::kName &&
         field.expression.front().text == kTime;
}

PointCollector::PointCollector(const Statement* statement, const QueryCondition* condition,
                               QueryBudget* budget, PointsRead* points)
    : condition_(condition),
      budget_(budget),
      points_(points),
      order_{statement->is_descending},
      wanted_max_(RowsWanted(*statement)) {
  for (const influx::SelectedField& field : statement->fields) {
    const ExpressionStep& step = field.expression.front();
    if (step.type == TokenType::kTag || IsTime(field)) {
      continue;
    }
    if (step.kind == ExpressionStep::Kind::kWildcard) {
      takes_all_fields_ = true;
    } else {
      selected_.insert(step.text);
    }
  }
}

ReadStep PointCollector::Take(const ReadRow& row) {
  const bool is_wanted = condition_->Matches(row.labels(), budget_);
  if (is_wanted || takes_all_fields_) {
    TakeValues(row, is_wanted);
  }
  AddTags(row.labels());
  if (names_.is_used_up()) {
    budget_->UseUp();
  }
  return budget_->is_used_up() ? ReadStep::kNextTable : ReadStep::kNextRow;
}

void PointCollector::TakeValues(const ReadRow& row, bool is_wanted) {
  if (!budget_->TakeSlots(row.cell_count() / kCellsOfSlot)) {
    return;
  }
  std::map<int64_t, PointRead> by_time;
  row.ForEachValue([&](const ReadValue& value) {
    const std::optional<size_t> field = FieldNumber(value.key);
    if (is_wanted && field) {
      by_time[value.time_ns].values.emplace_back(*field, value.value);
    }
  });
  for (auto& [time_ns, point] : by_time) {
    point.time_ns = time_ns;
    point.labels = row.labels();
    Keep(row.table(), std::move(point));
  }
}

// None when it is not selected, or when there are too many names.
std::optional<size_t> PointCollector::FieldNumber(std::string_view raw_key) {
  const std::string_view key = influx::UnescapeFieldKey(raw_key, &scratch_);
  if (!takes_all_fields_ && !selected_.contains(key)) {
    return std::nullopt;
  }
  const auto found = points_->fields.find(key);
  if (found != points_->fields.end()) {
    return found->second;
  }
  if (names_.is_used_up() || !names_.TakeText(key)) {
    return std::nullopt;
  }
  return points_->fields.emplace(std::string(key), points_->fields.size()).first->second;
}

void PointCollector::Keep(std::string_view table, PointRead point) {
  if (first_cut_) {
    const auto& [cut_table, cut_point] = *first_cut_;
    if (table > cut_table || (table == cut_table && !order_(point, cut_point))) {
      return;
    }
  }
  TablePoints& points = PointsOf(table);
  const size_t size = SizeOf(point);
  points_size_ += points.insert(std::move(point)).second ? size : 0;
  if (points.size() > wanted_max_) {
    DropLast(&points);
  }
  while (points_size_ > QueryBudget::kBytesMax) {
    CutLast();
  }
}

TablePoints& PointCollector::PointsOf(std::string_view table) {
  const auto found = points_->of_table.find(table);
  if (found != points_->of_table.end()) {
    return found->second;
  }
  points_size_ += QueryBudget::TextCost(table);
  return points_->of_table.emplace(std::string(table), TablePoints(order_)).first->second;
}

// Lets go the point that the answer would show last of all.
void PointCollector::CutLast() {
  const auto last = std::prev(points_->of_table.end());
  TablePoints& points = last->second;
  first_cut_.emplace(last->first, *points.rbegin());
  DropLast(&points);
  if (points.empty()) {
    points_size_ -= QueryBudget::TextCost(last->first);
    points_->of_table.erase(last);
  }
}

void PointCollector::DropLast(TablePoints* points) {
  const auto last = std::prev(points->end());
  points_size_ -= SizeOf(*last);
  points->erase(last);
}

void PointCollector::AddTags(std::string_view labels) {
  std::string_view name;
  std::string_view value;
  while (prom::TakeLabel(&labels, &name, &value, &scratch_)) {
    if (!points_->tags.contains(name) && names_.TakeText(name)) {
      points_->tags.emplace(name);
    }
  }
}

}  // namespace fluxgate
