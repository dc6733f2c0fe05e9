// The points that a SELECT reads from the cache: of each measurement the first ones in its order.
//
// Units: times in ns since the epoch.
// Bounds: ORDER BY and LIMIT come before the limit of size. No more points are kept than LIMIT and
// OFFSET leave room for, and of these no more than QueryBudget::kBytesMax of values and labels: the
// points that the answer would show last go first, and the query is cut.
// Thread: compatible.
#pragma once

#include "protocol/influx/influxql_statement.h"

#include "bridge/base/string_hash.h"
#include "bridge/cache/series_reader.h"
#include "bridge/ingest/query_condition.h"
#include "bridge/ingest/query_result.h"

#include <absl/container/flat_hash_set.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fluxgate {

inline constexpr std::string_view kTime = "time";

// Whether a field of a SELECT is the time, which is there anyway.
bool IsTime(const influx::SelectedField& field);

// The values of one series that came with one time.
struct PointRead {
  int64_t time_ns = 0;
  std::string labels;
  std::vector<std::pair<size_t, double>> values;  // by number of the field
};

// As the answer shows them.
struct PointOrder {
  bool is_descending = false;
  bool operator()(const PointRead& a, const PointRead& b) const {
    if (a.time_ns != b.time_ns) {
      return (a.time_ns < b.time_ns) != is_descending;
    }
    return a.labels < b.labels;
  }
};

using TablePoints = std::set<PointRead, PointOrder>;

// What was read for a statement.
struct PointsRead {
  StringMap<size_t> fields;                 // those that are selected, with a number each
  std::set<std::string, std::less<>> tags;  // of all rows
  std::map<std::string, TablePoints, std::less<>> of_table;
};

// Reads the rows of the cache for a statement: the points of those that meet the condition, and for
// `*` the names of all, as they are columns in any case.
class PointCollector {
 public:
  // All outlive it.
  PointCollector(const influx::Statement* statement, const QueryCondition* condition,
                 QueryBudget* budget, PointsRead* points);

  ReadStep Take(const ReadRow& row);

  // Whether points were let go that the answer should show.
  bool is_cut() const { return first_cut_.has_value(); }

 private:
  void TakeValues(const ReadRow& row, bool is_wanted);
  std::optional<size_t> FieldNumber(std::string_view raw_key);
  void Keep(std::string_view table, PointRead point);
  TablePoints& PointsOf(std::string_view table);
  void CutLast();
  void DropLast(TablePoints* points);
  void AddTags(std::string_view labels);

  const QueryCondition* const condition_;
  QueryBudget* const budget_;
  PointsRead* const points_;
  const PointOrder order_;
  const size_t wanted_max_;  // points of a table
  QueryBudget names_;        // beside that of the answer
  size_t points_size_ = 0;   // bytes
  bool takes_all_fields_ = false;
  absl::flat_hash_set<std::string_view, StringHash, std::equal_to<>> selected_;  // fields by name
  // The table and the first of the points that were cut: none behind it is kept.
  std::optional<std::pair<std::string, PointRead>> first_cut_;
  std::string scratch_;
};

}  // namespace fluxgate
