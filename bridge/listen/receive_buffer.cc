#include "bridge/listen/receive_buffer.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace fluxgate {
namespace {

constexpr size_t kSizeMin = size_t{16} << 10;

}  // namespace

size_t ReceiveBuffer::Take(std::span<char> out) {
  const std::string_view taken = bytes().substr(0, out.size());
  std::copy(taken.begin(), taken.end(), out.begin());
  Consume(taken.size());
  return taken.size();
}

std::span<char> ReceiveBuffer::Room() {
  if (begin_ == end_) {
    begin_ = end_ = 0;
  }
  if (end_ == size_) {
    if (begin_ > 0) {
      std::memmove(memory_.get(), memory_.get() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    } else {
      Grow(std::clamp(size_ * 2, kSizeMin, size_max_));
    }
  }
  return {memory_.get() + end_, size_ - end_};
}

void ReceiveBuffer::Grow(size_t size) {
  if (size <= size_) {
    return;
  }
  auto grown = std::make_unique_for_overwrite<char[]>(size);
  const std::string_view kept = bytes();
  std::copy(kept.begin(), kept.end(), grown.get());
  memory_ = std::move(grown);
  size_ = size;
  end_ -= begin_;
  begin_ = 0;
}

void ReceiveBuffer::Shrink() {
  if (begin_ == end_ && size_ > kSizeMin) {
    memory_.reset();
    size_ = begin_ = end_ = 0;
  }
}

}  // namespace fluxgate
