// The cache by plain rules: a std::map of series, walked whole for every question. The oracle of
// SeriesCache.
//
// It reads lines with the reference parser and names series with Mapping. It has no shards, routes
// or tables: of a series it keeps which row it belongs to, the one that brought it first, because
// rows are what databases and labels are counted by. Expired series stay until Sweep, unseen.
// Limits hold in line order, which the cache promises for batches of one line only.
// Units: ns since the epoch; ticks.
// Thread: compatible.
#pragma once

#include "bridge/base/clock.h"
#include "bridge/cache/cache_options.h"
#include "bridge/mapping/mapping.h"

#include "tests/reference/line_outcome.h"

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fluxgate::reference {

struct CachedSample {
  std::string family;
  std::string labels;  // rendered
  double value = 0;

  friend auto operator<=>(const CachedSample&, const CachedSample&) = default;
};

std::ostream& operator<<(std::ostream& out, const CachedSample& sample);

class ReferenceCache {
 public:
  struct Outcome {
    uint64_t points = 0;
    uint64_t samples = 0;
    uint64_t historic_points = 0;
    std::map<std::string, uint64_t> dropped_samples;

    bool operator==(const Outcome&) const = default;
  };

  ReferenceCache(const CacheOptions& options, const Mapping* mapping)
      : options_(options), mapping_(mapping) {}

  // A body on its way into a group.
  struct Body {
    std::string group;
    uint64_t generation = 0;
    Tick lifetime = 0;
    std::set<uint64_t> beside;  // on their way as it began
  };

  // Times are read as nanoseconds. `group`: the body that this is a part of, if it is one.
  Outcome Write(const std::string& body, const std::string& database, const Now& now,
                const Body* group = nullptr);

  // nullopt: there are too many groups.
  std::optional<Body> Begin(const std::string& group, Tick lifetime, const Now& now);
  void End(const Body& body, bool is_complete, const Now& now);
  bool Delete(const std::string& group, const Now& now);

  void Sweep(const Now& now);

  // The number of series of each group there is.
  std::map<std::string, size_t> Groups() const;

  // The live series, sorted by family and labels.
  std::vector<CachedSample> Scrape(const Now& now) const;

  // The label sets of rows, sorted; a label set is there once for each measurement that has it.
  std::vector<std::string> FindByLabel(std::string_view name, std::string_view value) const;
  std::vector<std::string> FindByDatabase(const std::string& database) const;

  size_t series_count() const { return series_.size(); }
  size_t row_count() const { return database_of_row_.size(); }
  size_t family_count() const;
  // The series of rows that `database` wrote last.
  size_t SeriesCount(const std::string& database) const;

 private:
  struct Key {
    std::string family;
    std::string labels;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Row {
    std::string table;
    std::string labels;
    friend auto operator<=>(const Row&, const Row&) = default;
  };
  struct Series {
    double value = 0;
    int64_t time_ns = 0;
    Tick tick = 0;
    std::string table;         // of its row
    std::optional<Body> body;  // that brought it
  };
  struct Group {
    std::set<uint64_t> open;
    Tick expires = 0;
    uint64_t last = 0;     // generation
    uint64_t deleted = 0;  // generation of the last Delete
    bool is_complete = false;
  };

  // What all points of one batch have in common.
  struct Batch {
    std::string database;  // that it counts against
    Now now;
    const Body* body;
  };

  void WritePoint(const LineOutcome& line, const Batch& batch, Outcome* outcome);
  void WriteField(const FieldOutcome& field, int64_t time_ns, const Row& row, const Batch& batch,
                  Outcome* outcome);
  static bool Loses(int64_t time_ns, const Batch& batch, const Series& series);
  template <typename Takes>
  void Remove(const std::string& group, const Takes& takes);
  void DropEmptyRows();
  std::string LimitReason(const std::string& table, const std::string& database) const;
  bool IsExpired(const Series& series, const Now& now) const;
  static int64_t OrderTime(const Series& series, const Now& now);
  std::string CountedAs(const std::string& database);

  const CacheOptions options_;
  const Mapping* const mapping_;
  std::map<Key, Series> series_;
  std::map<Row, std::string> database_of_row_;
  std::set<std::string> databases_;
  std::map<std::string, Group> groups_;
  uint64_t generation_ = 0;
};

}  // namespace fluxgate::reference
