// The rows of a table that have a cell in one column, so that a scrape of a column visits no
// others.
//
// Row numbers are kept as bits, 32 to a block, the blocks in order: a column that every row has
// takes a quarter of a byte a cell, one that a single row has 8 bytes, in place.
// Bounds: Add and Remove move at most 8 bytes for each 32 rows of the table.
// Thread: compatible; guarded by the lock of its shard.
#pragma once

#include <absl/container/inlined_vector.h>

#include <algorithm>
#include <bit>
#include <cstdint>

namespace fluxgate {

class RowSet {
 private:
  static constexpr uint32_t kRowsPerBlock = 32;

  struct Block {
    uint32_t number = 0;
    uint32_t rows = 0;  // bit i: row number * kRowsPerBlock + i; never 0
  };

  static bool IsBefore(const Block& block, uint32_t number) { return block.number < number; }

 public:
  // The rows from `first` on, ascending. Ends with the next Add or Remove.
  class Walk {
   public:
    Walk(const RowSet& set, uint32_t first)
        : block_(std::lower_bound(set.blocks_.begin(), set.blocks_.end(), first / kRowsPerBlock,
                                  IsBefore)),
          end_(set.blocks_.end()) {
      if (block_ == end_) {
        return;
      }
      rows_ = block_->rows;
      if (block_->number == first / kRowsPerBlock) {
        rows_ &= ~uint32_t{0} << first % kRowsPerBlock;
      }
      SkipEmpty();
    }

    bool is_done() const { return block_ == end_; }

    uint32_t row() const {
      return block_->number * kRowsPerBlock + static_cast<uint32_t>(std::countr_zero(rows_));
    }

    void Next() {
      rows_ &= rows_ - 1;
      SkipEmpty();
    }

   private:
    void SkipEmpty() {
      if (rows_ == 0 && ++block_ != end_) {
        rows_ = block_->rows;
      }
    }

    const Block* block_;
    const Block* end_;
    uint32_t rows_ = 0;  // of *block_, those not yet walked
  };

  bool empty() const { return blocks_.empty(); }

  void Add(uint32_t row) {
    const uint32_t number = row / kRowsPerBlock;
    const uint32_t bit = uint32_t{1} << row % kRowsPerBlock;
    // Rows mostly come in the order of their numbers.
    if (blocks_.empty() || blocks_.back().number < number) {
      blocks_.push_back({number, bit});
      return;
    }
    auto* const at = std::lower_bound(blocks_.begin(), blocks_.end(), number, IsBefore);
    if (at->number == number) {
      at->rows |= bit;
    } else {
      blocks_.insert(at, {number, bit});
    }
  }

  // `row` must be in the set.
  void Remove(uint32_t row) {
    auto* const at =
        std::lower_bound(blocks_.begin(), blocks_.end(), row / kRowsPerBlock, IsBefore);
    at->rows &= ~(uint32_t{1} << row % kRowsPerBlock);
    if (at->rows == 0) {
      blocks_.erase(at);
    }
  }

 private:
  absl::InlinedVector<Block, 2> blocks_;
};
static_assert(sizeof(RowSet) == 24);

}  // namespace fluxgate
