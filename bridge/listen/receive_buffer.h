// What a connection has received and not yet taken.
//
// Units: bytes.
// Lifetime: views last until the buffer is asked for room.
// Bounds: the size given, more only by Grow.
// Thread: compatible.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace fluxgate {

class ReceiveBuffer {
 public:
  explicit ReceiveBuffer(size_t size_max) : size_max_(size_max) {}

  std::string_view bytes() const { return {memory_.get() + begin_, end_ - begin_}; }

  // Gives the first `size` bytes up.
  void Consume(size_t size) { begin_ += size; }

  // Moves as many bytes as there are and fit.
  size_t Take(std::span<char> out);

  // Where the next bytes go; never empty while there are fewer than the greatest size. The first
  // `size` of what is put there are Commit()ted.
  std::span<char> Room();
  void Commit(size_t size) { end_ += size; }

  void Grow(size_t size);

  // Gives memory back that an empty buffer does not need while nothing comes.
  void Shrink();

 private:
  const size_t size_max_;
  std::unique_ptr<char[]> memory_;
  size_t size_ = 0;
  size_t begin_ = 0;
  size_t end_ = 0;
};

}  // namespace fluxgate
