#include "tests/bench/response_reader.h"

#include <absl/strings/ascii.h>

#include <algorithm>
#include <charconv>

namespace fluxgate::bench {
namespace {

constexpr size_t kHeadSizeMax = size_t{64} << 10;
constexpr std::string_view kBlankLine = "\r\n\r\n";

// The value of a header in a head in lower case; empty when there is none.
std::string_view HeaderOf(std::string_view head, std::string_view name) {
  const size_t at = head.find(name);
  if (at == std::string_view::npos) {
    return {};
  }
  const std::string_view rest = head.substr(at + name.size());
  const std::string_view line = rest.substr(0, rest.find('\r'));
  return line.substr(std::min(line.size(), line.find_first_not_of(' ')));
}

bool ReadNumber(std::string_view text, int base, uint64_t* number) {
  return std::from_chars(text.data(), text.data() + text.size(), *number, base).ec == std::errc();
}

}  // namespace

size_t ResponseReader::Take(std::string_view bytes, const Sink& sink) {
  size_t taken = 0;
  while (taken < bytes.size() && !is_complete() && !is_bad()) {
    const std::string_view rest = bytes.substr(taken);
    if (state_ == State::kHead) {
      taken += TakeHead(rest);
    } else if (state_ == State::kBody) {
      taken += TakeBody(rest, sink);
    } else {
      taken += TakeLine(rest);
    }
  }
  return taken;
}

size_t ResponseReader::TakeHead(std::string_view bytes) {
  const size_t before = head_.size();
  const size_t overlap = std::min(before, kBlankLine.size() - 1);
  head_.append(bytes.substr(0, kHeadSizeMax));
  const size_t end = head_.find(kBlankLine, before - overlap);
  if (end != std::string::npos) {
    head_.resize(end + kBlankLine.size());
    EndHead();
  } else if (head_.size() >= kHeadSizeMax) {
    state_ = State::kBad;
  }
  return head_.size() - before;
}

void ResponseReader::EndHead() {
  absl::AsciiStrToLower(&head_);
  uint64_t status = 0;
  const std::string_view head = head_;
  if (!head.starts_with("http/1.1 ") || !ReadNumber(head.substr(9), 10, &status)) {
    state_ = State::kBad;
    return;
  }
  status_ = static_cast<int>(status);
  is_gzip_ = HeaderOf(head, "\r\ncontent-encoding:") == "gzip";
  is_chunked_ = HeaderOf(head, "\r\ntransfer-encoding:") == "chunked";
  const bool has_no_body = status_ == 204 || status_ == 304 || status_ < 200;
  if (has_no_body) {
    state_ = State::kComplete;
  } else if (is_chunked_) {
    state_ = State::kChunkSize;
  } else if (ReadNumber(HeaderOf(head, "\r\ncontent-length:"), 10, &remaining_)) {
    state_ = remaining_ == 0 ? State::kComplete : State::kBody;
  } else {
    state_ = State::kBad;
  }
}

size_t ResponseReader::TakeBody(std::string_view bytes, const Sink& sink) {
  const std::string_view piece = bytes.substr(0, remaining_);
  sink(piece);
  remaining_ -= piece.size();
  if (remaining_ == 0) {
    state_ = is_chunked_ ? State::kChunkEnd : State::kComplete;
  }
  return piece.size();
}

size_t ResponseReader::TakeLine(std::string_view bytes) {
  const size_t end = bytes.find('\n');
  line_.append(bytes.substr(0, end));
  if (line_.size() > kHeadSizeMax) {
    state_ = State::kBad;
  }
  if (end == std::string_view::npos) {
    return bytes.size();
  }
  EndLine();
  line_.clear();
  return end + 1;
}

void ResponseReader::EndLine() {
  const bool is_blank = line_ == "\r";
  if (state_ == State::kChunkEnd) {
    state_ = is_blank ? State::kChunkSize : State::kBad;
  } else if (state_ == State::kTrailer) {
    state_ = is_blank ? State::kComplete : State::kTrailer;
  } else if (!ReadNumber(line_, 16, &remaining_)) {
    state_ = State::kBad;
  } else {
    state_ = remaining_ == 0 ? State::kTrailer : State::kBody;
  }
}

void ResponseReader::Reset() {
  state_ = State::kHead;
  head_.clear();
  line_.clear();
  status_ = 0;
  is_chunked_ = is_gzip_ = false;
  remaining_ = 0;
}

}  // namespace fluxgate::bench
