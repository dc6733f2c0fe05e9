// Which rows of a shard carry a label.
//
// Postings are found by a hash of (name, value), so every hit has to be verified against the row's
// labels. Removal only counts; a posting is compacted when half of it is dead, so that a label
// shared by all rows does not make expiry quadratic.
// Bounds: at most two entries for each (row, label) and a few per posting.
// Thread: compatible; guarded by the lock of its shard.
#pragma once

#include "bridge/base/check.h"
#include "bridge/base/string_hash.h"

#include <absl/container/flat_hash_map.h>
#include <absl/container/inlined_vector.h>
#include <absl/hash/hash.h>

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace fluxgate {

// A row of the shard. `version` tells rows apart that had the same place one after the other.
struct RowId {
  uint32_t table = 0;
  uint32_t row = 0;
  uint32_t version = 0;

  friend auto operator<=>(const RowId&, const RowId&) = default;
};

class LabelIndex {
 public:
  static uint64_t Key(std::string_view name, std::string_view value) {
    return absl::HashOf(Seeded(name), Seeded(value));
  }

  void Add(uint64_t key, const RowId& row) {
    Posting& posting = postings_[key];
    posting.rows.push_back(row);
    ++posting.live;
  }

  // To be called when `row` no longer carries the label. `is_live(row)` tells whether an entry
  // still stands for a row.
  template <typename IsLive>
  void Remove(uint64_t key, const IsLive& is_live) {
    const auto found = postings_.find(key);
    CHECK(found != postings_.end());
    Posting& posting = found->second;
    if (--posting.live == 0) {
      postings_.erase(found);
      return;
    }
    if (posting.rows.size() > 2 * size_t{posting.live} + kSlack) {
      Compact(is_live, &posting.rows);
    }
  }

  // Candidates for the label; some may be dead, or carry another label of the same hash.
  std::vector<RowId> Find(uint64_t key) const {
    const auto found = postings_.find(key);
    if (found == postings_.end()) {
      return {};
    }
    return {found->second.rows.begin(), found->second.rows.end()};
  }

  size_t entry_count() const {
    size_t count = 0;
    for (const auto& [key, posting] : postings_) {
      count += posting.rows.size();
    }
    return count;
  }

 private:
  static constexpr size_t kSlack = 8;

  using Rows = absl::InlinedVector<RowId, 1>;
  struct Posting {
    Rows rows;
    uint32_t live = 0;
  };

  // A row that left a label and took it up again has several entries.
  template <typename IsLive>
  static void Compact(const IsLive& is_live, Rows* rows) {
    rows->erase(
        std::remove_if(rows->begin(), rows->end(), [&](const RowId& row) { return !is_live(row); }),
        rows->end());
    std::sort(rows->begin(), rows->end());
    rows->erase(std::unique(rows->begin(), rows->end()), rows->end());
    rows->shrink_to_fit();
  }

  absl::flat_hash_map<uint64_t, Posting> postings_;
};

}  // namespace fluxgate
