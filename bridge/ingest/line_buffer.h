// Bytes on their way into a BatchWriter: collects them until there are whole lines to store.
//
// Lifetime: uses the writer of its maker.
// Bounds: 64 KiB, and for a line that is longer the longest line allowed and 64 KiB; when it is
// told to hold, what it is told.
// Thread: compatible.
#pragma once

#include "bridge/ingest/batch_writer.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace fluxgate {

class LineBuffer {
 public:
  LineBuffer(BatchWriter* writer, size_t line_size_max)
      : writer_(writer), line_size_max_(line_size_max) {}

  // Told before the first byte how many will come.
  void Announce(uint64_t size);

  // Where the next bytes go; never empty. When there is no room, complete lines are stored.
  std::span<char> Free();

  // As Free(), but nothing is stored: the buffer grows, up to `size_max` bytes and one more.
  std::span<char> FreeHolding(size_t size_max);

  // The first `size` bytes of the free part hold bytes now.
  void Take(size_t size) { used_ += size; }

  // What is not stored yet.
  std::string_view held() const { return {bytes_.data(), used_}; }

  // Stores the complete lines; what is left of a line moves to the front. A line that grows without
  // an end, or without the quote that its end must follow, is looked at again only when it gets too
  // long.
  void StoreLines();

  // Stores everything: what is left is the last line.
  void StoreAll();

  // Gives up what is not stored, and the memory.
  void Drop();

  // Bytes of memory beyond the 64 KiB of a body of ordinary lines.
  size_t held_size() const;

 private:
  bool HasNewEnd();

  BatchWriter* const writer_;
  const size_t line_size_max_;
  std::vector<char> bytes_;
  size_t used_ = 0;
  size_t seen_ = 0;         // of these: the start of a line, without its end
  bool in_quotes_ = false;  // it is in a quoted string there
};

}  // namespace fluxgate
