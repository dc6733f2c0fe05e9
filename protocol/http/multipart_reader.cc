#include "protocol/http/multipart_reader.h"

#include <algorithm>

namespace fluxgate::http {
namespace {

// Blanks that a boundary's line may end in; more, and it is no boundary.
constexpr size_t kPaddingMax = 64;

}  // namespace

MultipartReader::MultipartReader(std::string_view boundary)
    : mark_("\r\n--" + std::string(boundary)) {}

void MultipartReader::SetInput(std::string_view bytes, bool last) {
  input_ = bytes;
  last_ = last;
  position_ = 0;
}

MultipartReader::Result MultipartReader::Next() {
  switch (state_) {
    case State::kPreamble:
      return ReadPreamble();
    case State::kHead:
      return ReadHead();
    case State::kBody:
      return ReadBody();
    case State::kEpilogue:
      position_ = input_.size();
      return last_ ? Result::kEnd : Result::kNeedMore;
    case State::kFailed:
      break;
  }
  return Result::kError;
}

// What stands behind a mark that ends at `mark_end`.
MultipartReader::Delimiter MultipartReader::ReadDelimiter(size_t begin, size_t mark_end) const {
  const bool is_end = input_.substr(mark_end).starts_with("--");
  mark_end += is_end ? 2 : 0;
  const std::string_view behind = input_.substr(mark_end);
  const size_t blanks = std::min(behind.find_first_not_of(" \t"), behind.size());
  const std::string_view rest = behind.substr(blanks);
  if (blanks > kPaddingMax) {
    return {};
  }
  if (rest.starts_with("\r\n") || (is_end && last_ && rest.empty())) {
    return {is_end ? Line::kEnd : Line::kPart, begin, mark_end + blanks + (rest.empty() ? 0 : 2)};
  }
  const bool may_go_on = rest.empty() || rest == "\r" || (!is_end && behind == "-");
  return {may_go_on && !last_ ? Line::kIncomplete : Line::kNone, begin, begin};
}

// The next boundary line, or the place from which on there may be one when more has come.
MultipartReader::Delimiter MultipartReader::FindDelimiter() const {
  const std::string_view mark = mark_;
  if (at_start_) {
    const std::string_view first = mark.substr(2);
    if (input_.starts_with(first)) {
      const Delimiter found = ReadDelimiter(0, first.size());
      if (found.line != Line::kNone) {
        return found;
      }
    } else if (!last_ && first.starts_with(input_)) {
      return {Line::kIncomplete, 0, 0};
    }
  }
  size_t from = position_;
  for (;;) {
    const size_t begin = input_.find(mark, from);
    if (begin == std::string_view::npos) {
      break;
    }
    const Delimiter found = ReadDelimiter(begin, begin + mark.size());
    if (found.line != Line::kNone) {
      return found;
    }
    from = begin + 2;
  }
  // A mark may have begun in the last bytes.
  size_t begin = std::max(from, input_.size() - std::min(input_.size(), mark.size() - 1));
  while (!last_ && begin < input_.size() && !mark.starts_with(input_.substr(begin))) {
    ++begin;
  }
  return {Line::kIncomplete, last_ ? input_.size() : begin, begin};
}

MultipartReader::Result MultipartReader::PassDelimiter(const Delimiter& delimiter, Result result) {
  position_ = delimiter.end;
  state_ = delimiter.line == Line::kPart ? State::kHead : State::kEpilogue;
  return result;
}

MultipartReader::Result MultipartReader::ReadPreamble() {
  const Delimiter delimiter = FindDelimiter();
  if (delimiter.line == Line::kIncomplete) {
    at_start_ = at_start_ && delimiter.begin == 0;
    position_ = delimiter.begin;
    return last_ ? Fail("no boundary in the multipart body") : Result::kNeedMore;
  }
  at_start_ = false;
  PassDelimiter(delimiter, Result::kNeedMore);
  return Next();
}

MultipartReader::Result MultipartReader::ReadHead() {
  const std::string_view rest = Rest();
  size_t size = 0;
  size_t end = 2;
  if (!rest.starts_with("\r\n")) {
    size = rest.substr(0, kPartHeadSizeMax + 4).find("\r\n\r\n");
    if (size == std::string_view::npos) {
      if (rest.size() >= kPartHeadSizeMax + 4) {
        return Fail("the header of a part is too large");
      }
      return last_ ? Fail("the multipart body ends in the header of a part") : Result::kNeedMore;
    }
    end = size + 4;
  }
  part_ = ParsePartHead(rest.substr(0, size));
  // The empty line's CR LF may be the one in front of the next boundary.
  position_ += end - 2;
  state_ = State::kBody;
  at_start_ = true;
  return Result::kPartBegin;
}

MultipartReader::Result MultipartReader::ReadBody() {
  if (at_start_) {
    // A boundary directly behind the header is an empty part.
    if (!last_ && Rest().size() < mark_.size() && std::string_view(mark_).starts_with(Rest())) {
      return Result::kNeedMore;
    }
    const Delimiter first = Rest().starts_with(mark_)
                                ? ReadDelimiter(position_, position_ + mark_.size())
                                : Delimiter();
    if (first.line == Line::kIncomplete) {
      return Result::kNeedMore;
    }
    at_start_ = false;
    if (first.line != Line::kNone) {
      return PassDelimiter(first, Result::kPartEnd);
    }
    position_ += 2;
  }
  const Delimiter delimiter = FindDelimiter();
  if (delimiter.begin > position_) {
    bytes_ = input_.substr(position_, delimiter.begin - position_);
    position_ = delimiter.begin;
    return Result::kBytes;
  }
  if (delimiter.line == Line::kIncomplete) {
    return last_ ? Fail("the multipart body ends before its last boundary") : Result::kNeedMore;
  }
  return PassDelimiter(delimiter, Result::kPartEnd);
}

MultipartReader::Result MultipartReader::Fail(std::string_view error) {
  state_ = State::kFailed;
  error_ = error;
  return Result::kError;
}

}  // namespace fluxgate::http
