// Which cells of a shard are members of groups.
//
// Lifetime: a cell must Leave before its place is used again.
// Bounds: 60 to 120 bytes a member, and a cell is a member of one group at most.
// Thread: compatible; guarded by the lock of its shard.
#pragma once

#include "bridge/base/clock.h"
#include "bridge/cache/group_registry.h"

#include <absl/container/flat_hash_map.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace fluxgate {

// A cell's place in its shard.
struct CellPlace {
  uint32_t table = 0;
  uint32_t row = 0;
  uint32_t column = 0;

  friend bool operator==(const CellPlace&, const CellPlace&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const CellPlace& place) {
    return H::combine(std::move(state), place.table, place.row, place.column);
  }
};

struct GroupMember {
  CellPlace cell;
  Tick arrival = 0;
  uint64_t generation = 0;  // of the body that brought it
};

class GroupMembers {
 public:
  struct Membership {
    uint64_t group = 0;
    uint64_t generation = 0;
    Tick arrival = 0;
  };

  std::optional<Membership> Find(const CellPlace& cell) const;

  // Makes the cell a member of the body's group, and of no other.
  void Join(const CellPlace& cell, const GroupBody& body, Tick arrival);

  // Nothing happens to a cell that is no member.
  void Leave(const CellPlace& cell);

  // The members of a group, until the next Join or Leave. Who comes joins at the end; for one who
  // leaves the last takes the place.
  std::span<const GroupMember> Of(uint64_t group) const;

  // Adds the size of each group to `sizes`.
  void AddSizes(absl::flat_hash_map<uint64_t, uint64_t>* sizes) const;

 private:
  // Where a member is: groups_[group][index].
  struct Seat {
    uint64_t group = 0;
    uint32_t index = 0;
  };
  using Seats = absl::flat_hash_map<CellPlace, Seat>;

  void Vacate(const Seat& seat);

  Seats seats_;
  absl::flat_hash_map<uint64_t, std::vector<GroupMember>> groups_;  // none is empty
};

}  // namespace fluxgate
