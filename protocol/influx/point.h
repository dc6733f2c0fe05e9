// One point of InfluxDB line protocol, as views into the text it was read from.
//
// Encodings: every string_view here is raw: escapes are still in it. escape.h turns raw tokens into
// their meaning; most tokens have no backslash and mean what they say. Times are nanoseconds since
// the Unix epoch.
// Lifetime: views point into the reader's input (see LineReader); nothing here owns memory.
// Thread: compatible.
// Spec: InfluxDB 1.x models.ParsePointsWithPrecision.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace fluxgate::influx {

// `key=value` of a tag set; both raw.
struct Tag {
  std::string_view key;
  std::string_view value;
};

enum class FieldType : uint8_t { kFloat, kInt, kUint, kBool, kString };

// `key=value` of a field set. Exactly the member that `type` names is set.
struct Field {
  std::string_view key;  // raw
  FieldType type = FieldType::kFloat;
  union {
    double float_value = 0;
    int64_t int_value;
    uint64_t uint_value;
    bool bool_value;
  };
  std::string_view string_value;  // raw bytes between the quotes
};

// What the reader let pass that InfluxDB 1.x would not have, or read differently. Zero in strict
// mode.
struct Leniency {
  bool carriage_return = false;     // the line ended in CR LF, or in CR at the end of the input
  bool bare_value = false;          // `m 0.85` was read as `m value=0.85`
  bool detected_precision = false;  // the timestamp's unit was detected and was not nanoseconds

  bool operator==(const Leniency&) const = default;
};

struct Point {
  std::string_view series_key;   // raw `measurement,tag=value,...`, as sent
  std::string_view measurement;  // raw
  std::span<const Tag> tags;     // sorted by raw key; empty when ReaderOptions::defer_tags is set
  // As sent, at least one; a key may be there more than once, the last one counts.
  std::span<const Field> fields;
  // Has further fields of the line that the point before came from (ReaderOptions::fields_max).
  // Else it is equal to that, but for `leniency`, which is told once.
  bool is_continuation = false;
  int64_t time_ns = 0;    // the line's own time, or the reader's default time
  bool has_time = false;  // the line had a time of its own
  Leniency leniency;
  uint64_t line_number = 0;  // 1-based, of the line's first byte
  std::string_view text;     // the line without leading blanks and without its line end
  uint64_t indent = 0;       // bytes of leading blanks: a column is 1 + indent + offset in text
};

}  // namespace fluxgate::influx
