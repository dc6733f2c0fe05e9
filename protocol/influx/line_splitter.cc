#include "protocol/influx/line_splitter.h"

#include "protocol/influx/byte_class.h"

#include <algorithm>
#include <cstring>

namespace fluxgate::influx {
namespace {

// CR and LF, the most bytes at the end of a line that do not count in its size.
constexpr size_t kLineEndSizeMax = 2;

// Offset of the first `byte` among the first `size` bytes of `text`, or LineScan::kNotFound.
size_t FindByte(std::string_view text, char byte, size_t size) {
  const void* found = size == 0 ? nullptr : std::memchr(text.data(), byte, size);
  return found == nullptr ? LineScan::kNotFound
                          : static_cast<size_t>(static_cast<const char*>(found) - text.data());
}

uint64_t CountLineFeeds(std::string_view text) {
  return static_cast<uint64_t>(std::count(text.begin(), text.end(), '\n'));
}

bool RemoveSuffix(std::string_view* text, char byte) {
  if (text->empty() || text->back() != byte) {
    return false;
  }
  text->remove_suffix(1);
  return true;
}

}  // namespace

void LineSplitter::SetInput(std::string_view bytes, bool last) {
  input_ = bytes;
  last_ = last;
  position_ = 0;
}

LineSplitter::Result LineSplitter::Next(Line* line) {
  while (is_overlong_ || FindLineStart()) {
    const size_t end = FindLineEnd();
    if (end == LineScan::kNotFound) {
      if (is_overlong_ || scanned_ - std::min(scanned_, kLineEndSizeMax) > max_line_size_) {
        PassOver(scanned_);
      }
      return Result::kNeedMore;
    }
    if (TakeLine(end, line)) {
      return Result::kLine;
    }
  }
  if (!last_) {
    return Result::kNeedMore;
  }
  if (in_comment_ || indent_ > 0) {
    in_comment_ = false;
    BeginNextLine();
  }
  return Result::kEnd;
}

// Passes over blanks, comments and empty lines; false when the input ends with them.
bool LineSplitter::FindLineStart() {
  while (position_ < input_.size()) {
    const char byte = input_[position_];
    if (in_comment_) {
      const size_t end = FindByte(Rest(), '\n', Rest().size());
      in_comment_ = end == LineScan::kNotFound;
      position_ = in_comment_ ? input_.size() : position_ + end;
    } else if (byte == '\n') {
      ++position_;
      BeginNextLine();
    } else if (byte == '#') {
      in_comment_ = true;
    } else if (kBlanks.Has(byte)) {
      ++position_;
      ++indent_;
      behind_space_ = behind_space_ || byte == ' ';
    } else {
      return true;
    }
  }
  return false;
}

// Offset behind position_ of the line's end.
size_t LineSplitter::FindLineEnd() {
  const std::string_view rest = Rest();
  if (scanned_ == 0 && !is_overlong_) {
    // Without quotes and backslashes nothing hides a line feed.
    const size_t end = FindByte(rest, '\n', rest.size());
    if (end != LineScan::kNotFound && FindByte(rest, '"', end) == LineScan::kNotFound &&
        FindByte(rest, '\\', end) == LineScan::kNotFound) {
      return end;
    }
    scan_ = LineScan(behind_space_);
  }
  const size_t end = scan_.FindEnd(rest, scanned_, last_);
  scanned_ = scan_.scanned();
  return end == LineScan::kNotFound && last_ ? rest.size() : end;
}

// Takes `size` bytes of an overlong line out of the input.
void LineSplitter::PassOver(size_t size) {
  if (!is_overlong_) {
    is_overlong_ = true;
    head_.clear();
    tail_.clear();
  }
  const std::string_view bytes = Rest().substr(0, size);
  head_.append(bytes.substr(0, kOverlongHeadSize - head_.size()));
  tail_.append(bytes.substr(bytes.size() - std::min(bytes.size(), kLineEndSizeMax)));
  tail_.erase(0, tail_.size() - std::min(tail_.size(), kLineEndSizeMax));
  line_feeds_ += CountLineFeeds(bytes);
  passed_size_ += size;
  position_ += size;
  scanned_ = 0;
}

// Takes the line that ends `end` bytes behind position_; false when it was empty.
bool LineSplitter::TakeLine(size_t end, Line* line) {
  const bool is_scanned = scanned_ > 0;
  std::string_view text = Rest().substr(0, end);
  if (is_overlong_) {
    PassOver(end);
    text = tail_;
  } else {
    line_feeds_ = is_scanned ? CountLineFeeds(text) : 0;
    position_ += end;
  }
  const size_t size_with_end = text.size();
  // An escaped line feed, or one in a string that the input cuts off, can be the last byte.
  RemoveSuffix(&text, '\n');
  line->has_carriage_return = accept_carriage_return_ && RemoveSuffix(&text, '\r');
  line->size = (is_overlong_ ? passed_size_ : size_with_end) - (size_with_end - text.size());
  line->is_overlong = line->size > max_line_size_;
  line->text = is_overlong_ ? std::string_view(head_) : text;
  if (line->is_overlong) {
    line->text = line->text.substr(0, std::min<uint64_t>(line->size, kOverlongHeadSize));
  }
  line->number = line_number_;
  line->indent = indent_;
  const bool has_line_feed = position_ < input_.size();
  position_ += has_line_feed ? 1 : 0;
  BeginNextLine();
  return line->size > 0;
}

void LineSplitter::BeginNextLine() {
  line_number_ += line_feeds_ + 1;
  line_feeds_ = 0;
  indent_ = 0;
  behind_space_ = false;
  scanned_ = 0;
  is_overlong_ = false;
  passed_size_ = 0;
}

}  // namespace fluxgate::influx
