// Finds where a line ends: at the first LF that is neither behind a backslash nor inside a quoted
// field value.
//
// The scan keeps its state, so that a line can be scanned in several pieces. The caller has already
// passed over leading blanks and recognised comments, which end at their first LF whatever they
// hold.
// Bounds: one pass over the bytes given; no allocation.
// Thread: compatible.
// Spec: InfluxDB 1.x scanLine: quotes count only behind the first unescaped space (a leading one
// counts too) and only where a value may stand (more `=` than `,` so far); a backslash hides the
// next byte unless it is one of the last two bytes of the whole input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fluxgate::influx {

class LineScan {
 public:
  static constexpr size_t kNotFound = static_cast<size_t>(-1);

  // `behind_space`: there was a space among the leading blanks that the caller passed over.
  explicit LineScan(bool behind_space = false) : in_fields_(behind_space) {}

  // Scans `bytes` from `from` on and returns the offset of the LF that ends the line. Without one:
  // kNotFound, and scanned() tells up to where the bytes need not be scanned again (all of them
  // when `last`).
  size_t FindEnd(std::string_view bytes, size_t from, bool last);

  size_t scanned() const { return scanned_; }

 private:
  size_t scanned_ = 0;
  bool in_fields_ = false;
  bool in_quotes_ = false;
  uint64_t equals_ = 0;
  uint64_t commas_ = 0;
};

}  // namespace fluxgate::influx
