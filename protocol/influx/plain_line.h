// The short way through a line that nearly all writers send: a key, fields in their simplest form,
// a time or none, and LF.
//
// A line that is in any way out of the ordinary is not plain, though it may be good: the careful
// way (LineSplitter, ParseFieldSet) is there for it, and for every error.
// Lifetime: outputs view `bytes`.
// Bounds: one pass over the delimiters, no allocation but the growth of `fields`.
// Thread: compatible (pure function).
// Spec: field_set.h and line_scan.h; what is plain means the same there.
#pragma once

#include "protocol/influx/delimiter_index.h"
#include "protocol/influx/point.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace fluxgate::influx {

struct PlainLine {
  size_t key_end = 0;     // the space behind the series key; offsets are in `bytes`
  size_t fields_end = 0;  // the space or LF behind the field set
  size_t end = 0;         // the LF
};

// Reads the line at `begin` of the bytes that `index` was built from. False: it is not plain, has
// more than `fields_max` fields or does not end in `bytes`; nothing was put out that counts. The
// time is left to the caller: it may be bad.
bool ReadPlainLine(const DelimiterIndex& index, std::string_view bytes, size_t begin,
                   size_t fields_max, std::vector<Field>* fields, PlainLine* line);

}  // namespace fluxgate::influx
