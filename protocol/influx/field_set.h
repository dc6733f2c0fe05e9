// Reads the field set of one line: `key=value,key=value ...` up to the first space outside quotes.
//
// Encodings: `text` is the whole line (without its end); offsets and columns are relative to its
// first byte.
// Lifetime: outputs view `text`.
// Errors: a LineError whose `code`, `column` (1-based in `text`), `size` and `token` are set.
// Bounds: one pass, and another over what was not kept; no allocation but the growth of `fields`,
// which ends at `fields_max`.
// Thread: compatible (pure function).
// Spec: InfluxDB 1.x scanFields and walkFields. Differences: unsigned integers are accepted; text
// behind a closing quote is an invalid field format; a key that the two functions read differently
// (`a\\=1`) is always an error; so is an empty key behind a tab or NUL.
#pragma once

#include "protocol/influx/line_error.h"
#include "protocol/influx/point.h"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace fluxgate::influx {

// What InfluxDB puts between a series key and a field key when it measures both together; their
// limit is kSeriesKeySizeMax.
inline constexpr size_t kFieldKeySeparatorSize = 4;

struct FieldSet {
  std::vector<Field> fields;  // as sent, the first fields_max of them
  size_t rest = 0;            // where the field begins that was not kept; `end` when all were
  size_t end = 0;             // the space that ends the field set, or text.size()
};

// Reads and checks the whole field set from `begin` on, the first byte behind the blanks that
// follow the series key. `series_key_size` takes part in the limit on key lengths
// (kSeriesKeySizeMax). After an error `set` holds nothing of use.
std::optional<LineError> ParseFieldSet(std::string_view text, size_t begin, size_t series_key_size,
                                       size_t fields_max, FieldSet* set);

// Reads the next fields of a set that ParseFieldSet has checked, from `set->rest` on. Looks at no
// byte behind them.
void ReadMoreFields(std::string_view text, size_t fields_max, FieldSet* set);

}  // namespace fluxgate::influx
