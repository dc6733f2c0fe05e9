// Cuts CSV into rows and rows into cells.
//
// Input: any bytes, in one piece or in several (SetInput). However they are cut, the rows are the
// same. A byte order mark at the start is passed over.
// Lifetime: a row views the input, or the reader's scratch where a quoted cell held `""`; valid
// until the next Next() or SetInput().
// Errors: a row with bad quotes yields kError, as does one longer than row_size_max or of more than
// kCellsMax cells; reading goes on behind it. A row that is too long ends at its next LF, whatever
// its quotes say.
// Bounds: one pass; the caller keeps what is not consumed(), at most row_size_max + 2 bytes.
// Thread: compatible.
// Spec: RFC 4180; LF alone ends a row, too; a quote inside a cell that does not begin with one is
// an ordinary byte.
#pragma once

#include "protocol/influx/line_error.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate::influx {

inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

struct CsvCell {
  std::string_view value;  // without quotes
  size_t begin = 0;        // offset in the row's text
};

struct CsvRow {
  std::string_view text;           // as sent, without its end
  uint64_t number = 0;             // 1-based line of its first byte
  std::span<const CsvCell> cells;  // of an empty row none
};

class CsvRowReader {
 public:
  enum class Result : uint8_t { kRow, kError, kNeedMore, kEnd };
  static constexpr size_t kCellsMax = 4096;

  explicit CsvRowReader(size_t row_size_max) : row_size_max_(row_size_max) {}

  // What stands between the cells of the rows to come; a comma at first.
  void SetDelimiter(char delimiter) { delimiter_ = delimiter; }

  // As LineReader::SetInput.
  void SetInput(std::string_view bytes, bool last);

  Result Next();

  const CsvRow& row() const { return row_; }
  const LineError& error() const { return error_; }
  size_t consumed() const { return position_; }

 private:
  enum class Place : uint8_t { kCellBegin, kPlain, kQuoted, kBehindQuote, kBadQuote };

  bool PassByteOrderMark();
  bool FindRowEnd();
  Place After(char byte) const;
  Result TakeRow();
  bool SplitCells();
  void Unquote(size_t begin, size_t end);
  void SetError(LineErrorCode code, std::string_view text);

  const size_t row_size_max_;
  char delimiter_ = ',';
  std::string_view input_;
  bool last_ = false;
  bool at_start_ = true;
  size_t position_ = 0;
  uint64_t line_number_ = 1;
  // Of the row that begins at position_.
  size_t scanned_ = 0;
  Place place_ = Place::kCellBegin;
  bool bad_quotes_ = false;
  uint64_t line_feeds_ = 0;
  bool skips_ = false;  // the rest of a row that was too long

  CsvRow row_;
  std::vector<CsvCell> cells_;
  std::string scratch_;
  LineError error_;
};

}  // namespace fluxgate::influx
