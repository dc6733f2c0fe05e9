// Cuts input into its lines; blank lines and comments are passed over.
//
// Input: any bytes, in one piece or in several (SetInput). However they are cut, the lines are the
// same.
// Lifetime: a Line views the input, or the splitter's copy of the start of an overlong line; valid
// until the next Next() or SetInput().
// Errors: none; every input has lines.
// Bounds: one pass. Of blanks, comments and overlong lines nothing is kept but kOverlongHeadSize
// bytes; of other lines the caller keeps what is not consumed(), at most max_line_size + 4 bytes.
// Thread: compatible.
// Spec: InfluxDB 1.x scanLine and ParsePointsWithPrecision. Differences: a comment ends at its
// first LF; a CR that ends a line belongs to the line's end when `accept_carriage_return`.
#pragma once

#include "protocol/influx/line_scan.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fluxgate::influx {

inline constexpr size_t kOverlongHeadSize = 64;

struct Line {
  std::string_view text;             // without leading blanks and line end; see is_overlong
  uint64_t number = 0;               // 1-based, of the first byte
  uint64_t indent = 0;               // bytes of leading blanks
  uint64_t size = 0;                 // bytes of the whole text
  bool is_overlong = false;          // size > max_line_size; `text` is only the head
  bool has_carriage_return = false;  // a CR was part of the line's end
};

class LineSplitter {
 public:
  enum class Result { kLine, kNeedMore, kEnd };

  LineSplitter(bool accept_carriage_return, size_t max_line_size)
      : accept_carriage_return_(accept_carriage_return), max_line_size_(max_line_size) {}

  // As LineReader::SetInput.
  void SetInput(std::string_view bytes, bool last);

  Result Next(Line* line);

  size_t consumed() const { return position_; }

  // Whether nothing of the next line was read yet: then it begins at consumed(), and may be passed
  // by a caller that reads it itself. `end` is its LF, the only one in it.
  bool IsAtLineStart() const {
    return indent_ == 0 && !in_comment_ && scanned_ == 0 && !is_overlong_;
  }
  uint64_t line_number() const { return line_number_; }
  void PassLine(size_t end) {
    position_ = end + 1;
    BeginNextLine();
  }
  // Passes what ends at `end` and holds so many line feeds; the next line begins there or later.
  void Pass(size_t end, uint64_t line_feeds) {
    position_ = end;
    line_number_ += line_feeds;
  }

 private:
  std::string_view Rest() const { return input_.substr(position_); }
  bool FindLineStart();
  size_t FindLineEnd();
  void PassOver(size_t size);
  bool TakeLine(size_t end, Line* line);
  void BeginNextLine();

  bool accept_carriage_return_;
  size_t max_line_size_;
  std::string_view input_;
  bool last_ = true;
  size_t position_ = 0;
  uint64_t line_number_ = 1;
  // Of the line that begins at position_, or that was passed over in part.
  uint64_t indent_ = 0;
  bool behind_space_ = false;  // there was a space among the leading blanks
  bool in_comment_ = false;
  uint64_t line_feeds_ = 0;  // inside the line
  LineScan scan_;
  size_t scanned_ = 0;  // bytes from position_ on that scan_ has seen
  bool is_overlong_ = false;
  uint64_t passed_size_ = 0;  // of an overlong line: bytes before position_
  std::string head_;          // and the first of them
  std::string tail_;          // and the last of them
};

}  // namespace fluxgate::influx
