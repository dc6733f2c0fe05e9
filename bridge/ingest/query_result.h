// The answer to one statement, before it is written as JSON or CSV, and how much all answers of a
// query may take up.
//
// Units: times in ns since the epoch; sizes in bytes.
// Thread: compatible.
// Spec: InfluxDB 1.x /query.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace fluxgate {

struct QueryTime {
  int64_t ns = 0;
  friend bool operator==(const QueryTime&, const QueryTime&) = default;
};

// monostate is null.
using QueryValue = std::variant<std::monostate, bool, int64_t, double, QueryTime, std::string>;

using QueryRow = std::vector<QueryValue>;

struct QuerySeries {
  std::string name;  // empty: left out
  std::vector<std::string> columns;
  std::vector<QueryRow> rows;
  bool is_partial = false;  // more would have followed
};

struct QueryResult {
  size_t statement = 0;  // its number
  std::vector<QuerySeries> series;
  std::string warning;       // empty: none
  std::string error;         // empty: none
  bool splits_rows = false;  // a chunked answer may have the rows of a series in several pieces
  bool has_error() const { return !error.empty(); }
};

// What one query may still cost. When either is used up, the answer ends where it is.
class QueryBudget {
 public:
  static constexpr size_t kBytesMax = size_t{4} << 20;  // of values and names
  static constexpr size_t kSlotsMax = 1'000'000;        // of the cache, visited; about 1 us each

  // What text, as it will be written, and values count.
  static size_t TextCost(std::string_view text);
  static size_t CellsCost(size_t count);

  // What a number may take beyond its value: CSV writes all digits.
  static size_t DigitsCost(double number);

  // False: not that much is left.
  bool TakeSlots(size_t count) { return Take(count, &slots_left_); }
  bool TakeText(std::string_view text) { return Take(TextCost(text), &bytes_left_); }
  bool TakeCells(size_t count) { return Take(CellsCost(count), &bytes_left_); }
  bool TakeDigits(double number) { return Take(DigitsCost(number), &bytes_left_); }

  void UseUp() { used_up_ = was_short_ = true; }
  bool is_used_up() const { return used_up_; }

  // Whether something was refused since the last call: what was being made is cut.
  bool TakeWasShort() { return std::exchange(was_short_, false); }

 private:
  bool Take(size_t cost, size_t* left);

  size_t bytes_left_ = kBytesMax;
  size_t slots_left_ = kSlotsMax;
  bool used_up_ = false;
  bool was_short_ = false;
};

}  // namespace fluxgate
