#include "bridge/ingest/line_buffer.h"

#include <algorithm>

namespace fluxgate {
namespace {

constexpr size_t kSliceSize = size_t{64} << 10;
// What the reader may keep of a line beyond its greatest size before it knows that it is too long.
constexpr size_t kLineEndSize = 16;

}  // namespace

void LineBuffer::Announce(uint64_t size) {
  // A small body needs a small slice only, unless it inflates.
  bytes_.resize(std::clamp<uint64_t>(size + 1, 256, kSliceSize));
}

std::span<char> LineBuffer::Free() {
  if (used_ == bytes_.size()) {
    StoreLines();
    if (bytes_.size() < kSliceSize) {
      bytes_.resize(kSliceSize);
    } else if (used_ > bytes_.size() / 2) {
      // In one step: while a slice grows it is in memory twice.
      bytes_.resize(std::max(used_, line_size_max_ + kLineEndSize) + kSliceSize);
    }
  }
  return std::span(bytes_).subspan(used_);
}

std::span<char> LineBuffer::FreeHolding(size_t size_max) {
  if (used_ == bytes_.size()) {
    bytes_.resize(std::min(std::max(used_ * 2, kSliceSize), size_max + 1));
  }
  return std::span(bytes_).subspan(used_);
}

void LineBuffer::StoreLines() {
  if (!HasNewEnd() && used_ <= line_size_max_ + kLineEndSize) {
    seen_ = used_;
    return;
  }
  const size_t stored = writer_->Write(held(), false);
  std::copy(bytes_.begin() + static_cast<ptrdiff_t>(stored),
            bytes_.begin() + static_cast<ptrdiff_t>(used_), bytes_.begin());
  used_ -= stored;
  seen_ = used_;
  in_quotes_ = held().find('\n') != std::string_view::npos;
}

// Whether a line may end in what has come since the last look.
bool LineBuffer::HasNewEnd() {
  const size_t quote = in_quotes_ ? held().find('"', seen_) : seen_;
  in_quotes_ = quote == std::string_view::npos;
  return !in_quotes_ && held().find('\n', quote) != std::string_view::npos;
}

void LineBuffer::StoreAll() {
  writer_->Write(held(), true);
  Drop();
}

void LineBuffer::Drop() {
  bytes_ = std::vector<char>();
  used_ = seen_ = 0;
  in_quotes_ = false;
}

size_t LineBuffer::held_size() const {
  return bytes_.size() - std::min(bytes_.size(), kSliceSize);
}

}  // namespace fluxgate
