#include "protocol/influx/csv_row_reader.h"

#include "protocol/influx/line_splitter.h"

#include <algorithm>

namespace fluxgate::influx {
namespace {

constexpr size_t kErrorTextSize = 256;

}  // namespace

void CsvRowReader::SetInput(std::string_view bytes, bool last) {
  input_ = bytes;
  last_ = last;
  position_ = 0;
}

CsvRowReader::Place CsvRowReader::After(char byte) const {
  switch (place_) {
    case Place::kQuoted:
      return byte == '"' ? Place::kBehindQuote : Place::kQuoted;
    case Place::kBehindQuote:
      if (byte == '"') {
        return Place::kQuoted;
      }
      return byte == delimiter_ ? Place::kCellBegin
             : byte == '\r'     ? Place::kBehindQuote
                                : Place::kBadQuote;
    case Place::kBadQuote:
      return byte == delimiter_ ? Place::kCellBegin : Place::kBadQuote;
    case Place::kCellBegin:
    case Place::kPlain:
      break;
  }
  if (byte == delimiter_) {
    return Place::kCellBegin;
  }
  return byte == '"' && place_ == Place::kCellBegin ? Place::kQuoted : Place::kPlain;
}

// Scans on to the LF that ends the row; false when it is not there yet.
bool CsvRowReader::FindRowEnd() {
  const size_t end = std::min(input_.size() - position_, row_size_max_ + 2);
  for (; scanned_ < end; ++scanned_) {
    const char byte = input_[position_ + scanned_];
    if (byte == '\n') {
      if (place_ != Place::kQuoted) {
        return true;
      }
      ++line_feeds_;
    }
    place_ = After(byte);
    bad_quotes_ |= place_ == Place::kBadQuote;
  }
  return false;
}

// False when more of it may come.
bool CsvRowReader::PassByteOrderMark() {
  if (!last_ && input_.size() < kByteOrderMark.size() && kByteOrderMark.starts_with(input_)) {
    return false;
  }
  at_start_ = false;
  position_ = input_.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  return true;
}

CsvRowReader::Result CsvRowReader::Next() {
  if (at_start_ && !PassByteOrderMark()) {
    return Result::kNeedMore;
  }
  if (skips_) {
    const size_t line_feed = input_.find('\n', position_);
    skips_ = line_feed == std::string_view::npos;
    position_ = skips_ ? input_.size() : line_feed + 1;
    if (skips_) {
      return last_ ? Result::kEnd : Result::kNeedMore;
    }
    ++line_number_;
  }
  if (FindRowEnd()) {
    return TakeRow();
  }
  if (scanned_ >= row_size_max_ + 2) {
    SetError(LineErrorCode::kLineTooLong,
             input_.substr(position_, std::min(scanned_, kOverlongHeadSize)));
    error_.size = scanned_;
    error_.size_max = row_size_max_;
    line_number_ += line_feeds_;
    position_ += scanned_;
    skips_ = true;
    scanned_ = 0;
    line_feeds_ = 0;
    place_ = Place::kCellBegin;
    bad_quotes_ = false;
    return Result::kError;
  }
  if (!last_) {
    return Result::kNeedMore;
  }
  if (position_ == input_.size()) {
    return Result::kEnd;
  }
  bad_quotes_ |= place_ == Place::kQuoted;
  return TakeRow();
}

CsvRowReader::Result CsvRowReader::TakeRow() {
  std::string_view text = input_.substr(position_, scanned_);
  bool is_bad = bad_quotes_;
  if (text.ends_with('\r')) {
    text.remove_suffix(1);
  }
  row_.text = text;
  row_.number = line_number_;
  if (is_bad) {
    SetError(LineErrorCode::kInvalidCsvQuotes, text.substr(0, kErrorTextSize));
  } else if (!SplitCells()) {
    SetError(LineErrorCode::kTooManyCells, text.substr(0, kErrorTextSize));
    is_bad = true;
  }
  position_ = std::min(position_ + scanned_ + 1, input_.size());
  line_number_ += line_feeds_ + 1;
  scanned_ = 0;
  line_feeds_ = 0;
  place_ = Place::kCellBegin;
  bad_quotes_ = false;
  return is_bad ? Result::kError : Result::kRow;
}

// False: there are too many of them.
bool CsvRowReader::SplitCells() {
  cells_.clear();
  scratch_.clear();
  scratch_.reserve(row_.text.size());  // cells view it
  size_t begin = 0;
  place_ = Place::kCellBegin;
  for (size_t i = 0; i < row_.text.size(); ++i) {
    const bool was_open = place_ == Place::kQuoted;
    place_ = After(row_.text[i]);
    if (row_.text[i] == delimiter_ && !was_open) {
      Unquote(begin, i);
      begin = i + 1;
      if (cells_.size() == kCellsMax) {
        return false;
      }
    }
  }
  if (!row_.text.empty()) {
    Unquote(begin, row_.text.size());
  }
  row_.cells = cells_;
  return true;
}

void CsvRowReader::Unquote(size_t begin, size_t end) {
  std::string_view value = row_.text.substr(begin, end - begin);
  if (value.starts_with('"')) {
    value = value.substr(1, value.rfind('"') - 1);
    if (value.find('"') != std::string_view::npos) {
      const size_t kept = scratch_.size();
      for (size_t i = 0; i < value.size(); ++i) {
        scratch_.push_back(value[i]);
        if (value[i] == '"') {
          ++i;
        }
      }
      value = std::string_view(scratch_).substr(kept);
    }
  }
  cells_.push_back({value, begin});
}

void CsvRowReader::SetError(LineErrorCode code, std::string_view text) {
  error_ = {};
  error_.code = code;
  error_.line_number = line_number_;
  error_.column = 1;
  error_.text = text;
}

}  // namespace fluxgate::influx
