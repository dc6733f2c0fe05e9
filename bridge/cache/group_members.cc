#include "bridge/cache/group_members.h"

namespace fluxgate {

std::optional<GroupMembers::Membership> GroupMembers::Find(const CellPlace& cell) const {
  const auto seat = seats_.find(cell);
  if (seat == seats_.end()) {
    return std::nullopt;
  }
  const GroupMember& member = groups_.find(seat->second.group)->second[seat->second.index];
  return Membership{seat->second.group, member.generation, member.arrival};
}

void GroupMembers::Join(const CellPlace& cell, const GroupBody& body, Tick arrival) {
  const auto [seat, is_new] = seats_.try_emplace(cell);
  if (!is_new && seat->second.group == body.group) {
    groups_.find(body.group)->second[seat->second.index] = {cell, arrival, body.generation};
    return;
  }
  if (!is_new) {
    Vacate(seat->second);
  }
  std::vector<GroupMember>& members = groups_[body.group];
  seat->second = {body.group, static_cast<uint32_t>(members.size())};
  members.push_back({cell, arrival, body.generation});
}

void GroupMembers::Leave(const CellPlace& cell) {
  const auto seat = seats_.find(cell);
  if (seat == seats_.end()) {
    return;
  }
  Vacate(seat->second);
  seats_.erase(seat);
  if (seats_.empty()) {
    seats_ = Seats();  // erased alone, its memory would stay
  }
}

// Fills the seat with the last member of its group.
void GroupMembers::Vacate(const Seat& seat) {
  const auto group = groups_.find(seat.group);
  std::vector<GroupMember>& members = group->second;
  const uint32_t index = seat.index;
  members[index] = members.back();
  seats_.find(members[index].cell)->second.index = index;
  members.pop_back();
  if (members.empty()) {
    groups_.erase(group);
  }
}

std::span<const GroupMember> GroupMembers::Of(uint64_t group) const {
  const auto found = groups_.find(group);
  return found == groups_.end() ? std::span<const GroupMember>() : found->second;
}

void GroupMembers::AddSizes(absl::flat_hash_map<uint64_t, uint64_t>* sizes) const {
  for (const auto& [group, members] : groups_) {
    (*sizes)[group] += members.size();
  }
}

}  // namespace fluxgate
