// Where the bytes are that give line protocol its structure, found for a whole input at once with
// the widest vectors that the processor has.
//
// Shape: two sets, one bit a byte: breaks (space, quote, backslash, LF), and delimiters (those,
// comma and equals sign). Behind the input both sets have a member, so that a search needs no
// bound. Bounds: two bits of memory for each byte of the longest input. Thread: compatible.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace fluxgate::influx {

class DelimiterIndex {
 public:
  // Goes through one of the sets in ascending order.
  class Cursor {
   public:
    // The member at `from` or, if there is none, the first behind it is next.
    Cursor(const std::vector<uint64_t>& words, size_t from)
        : words_(words.data()), word_(from / kWordBits), bits_(words_[word_]) {
      bits_ &= ~uint64_t{0} << (from % kWordBits);
    }

    // Offset of the next member; of the last, the size of the input. None comes behind that.
    size_t Next() {
      while (bits_ == 0) {
        bits_ = words_[++word_];
      }
      const size_t offset = word_ * kWordBits + static_cast<size_t>(std::countr_zero(bits_));
      bits_ &= bits_ - 1;
      return offset;
    }

   private:
    const uint64_t* words_;
    size_t word_;
    uint64_t bits_;  // members of the word that are yet to come
  };

  void Build(std::string_view bytes);

  Cursor BreaksFrom(size_t offset) const { return {breaks_, offset}; }
  Cursor DelimitersFrom(size_t offset) const { return {delimiters_, offset}; }

 private:
  static constexpr size_t kWordBits = 64;

  std::vector<uint64_t> breaks_;
  std::vector<uint64_t> delimiters_;
};

}  // namespace fluxgate::influx
