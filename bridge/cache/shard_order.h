// Sorts the positions of a slice by shard, so that each shard's lock is taken once.
//
// Bounds: O(entries + shards); its memory is reused from call to call.
// Thread: compatible.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fluxgate {

class ShardOrder {
 public:
  // `shard_of(i)` for i in [0, count) is below `shards`, or kNone to leave i out.
  static constexpr uint32_t kNone = UINT32_MAX;

  template <typename ShardOf>
  void Assign(size_t count, size_t shards, const ShardOf& shard_of) {
    begins_.assign(shards + 1, 0);
    for (size_t i = 0; i < count; ++i) {
      const uint32_t shard = shard_of(i);
      if (shard != kNone) {
        ++begins_[shard + 1];
      }
    }
    for (size_t shard = 0; shard < shards; ++shard) {
      begins_[shard + 1] += begins_[shard];
    }
    ends_.assign(begins_.begin(), begins_.end() - 1);
    positions_.resize(begins_.back());
    for (size_t i = 0; i < count; ++i) {
      const uint32_t shard = shard_of(i);
      if (shard != kNone) {
        positions_[ends_[shard]++] = static_cast<uint32_t>(i);
      }
    }
  }

  // The positions in `shard`, ascending.
  std::span<const uint32_t> In(size_t shard) const {
    return std::span(positions_).subspan(begins_[shard], begins_[shard + 1] - begins_[shard]);
  }

 private:
  std::vector<uint32_t> begins_;
  std::vector<uint32_t> ends_;
  std::vector<uint32_t> positions_;
};

}  // namespace fluxgate
