// The snapshot groups: their names, the bodies that are being written to them, and how long they
// last.
//
// A group is the series that its last complete body named. Every body has a generation, taken when
// it begins; the end of a complete one removes what older bodies brought, but for those that had
// not ended when it began, so that of two bodies at once neither loses series. Units: times in ns
// since the epoch, lifetimes in ticks. Lifetime: ids and generations are never used again. Every
// body that began must End. Bounds: groups_max names of kNameSizeMax bytes; a group that has
// expired and has no series goes. Thread: safe. No other lock is taken while its own is held.
#pragma once

#include "bridge/base/clock.h"
#include "bridge/base/mutex.h"
#include "bridge/base/string_hash.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate {

// One body on its way into a group.
struct GroupBody {
  uint64_t group = 0;
  uint64_t generation = 0;  // greater than those of all bodies that began before
  Tick lifetime = 0;        // of what it brings
};

// What the end of a body removes from its group.
struct GroupSweep {
  uint64_t group = 0;
  uint64_t begin = 0;  // generations in [begin, end)
  uint64_t end = 0;
  std::vector<uint64_t> spared;  // but for these, ascending

  bool Takes(uint64_t generation) const {
    return generation >= begin && generation < end &&
           !std::binary_search(spared.begin(), spared.end(), generation);
  }
};

// How a body ended.
enum class BodyEnd {
  kWhole,  // as its sender meant it
  kPart,   // some of it was stored
  kEmpty,  // nothing of it was
};

struct GroupState {
  std::string name;
  uint64_t id = 0;
  std::optional<int64_t> completed_ns;  // when the last complete body ended
  int64_t lifetime_ns = 0;
  int64_t expires_ns = 0;
};

class GroupRegistry {
 public:
  static constexpr size_t kNameSizeMax = 200;

  explicit GroupRegistry(size_t groups_max) : groups_max_(groups_max) {}

  // Begins a body of the group `name`, which comes into being with its first one. nullopt: there
  // are too many groups.
  std::optional<GroupBody> Begin(std::string_view name, Tick lifetime, const Now& now);

  // Ends it; what the result takes is to be removed. A whole one gives the group its lifetime, a
  // part of one only prolongs it.
  std::optional<GroupSweep> End(const GroupBody& body, BodyEnd end, const Now& now);

  // Forgets the group `name` unless one of the bodies on their way becomes whole; what the others
  // bring goes with them. What the result takes is to be removed. nullopt: there is no such group.
  std::optional<GroupSweep> Delete(std::string_view name, const Now& now);

  // All groups, by name.
  std::vector<GroupState> List() const;

  // A group that may be forgotten if it has no series, and its last generation.
  struct Idle {
    uint64_t id = 0;
    uint64_t generation = 0;
  };
  // Those that have expired and are not being written to.
  std::vector<Idle> FindExpired(const Now& now) const;
  // Forgets it unless a body began since.
  void Forget(const Idle& idle);

  // Bodies that were refused because there were too many groups.
  uint64_t refused_count() const;

 private:
  // A body that ended, and the last generation taken by then.
  struct Ended {
    uint64_t generation = 0;
    uint64_t last = 0;
  };
  struct Group {
    std::string name{};
    std::vector<uint64_t> open{};  // generations of bodies, ascending
    std::vector<Ended> ended{};    // beside which one of `open` began
    uint64_t generation = 0;       // of the last body that began
    uint64_t deleted = 0;          // bodies of lower generations are kept only if whole
    std::optional<int64_t> completed_ns{};
    Tick lifetime = 0;
    int64_t expires_ns = 0;
    Tick expires = 0;

    void Renew(Tick new_lifetime, const Now& now);
    void Prolong(Tick new_lifetime, const Now& now);
    void Close(uint64_t body, uint64_t last);
    bool IsBesideOpen(const Ended& body) const;
    std::vector<uint64_t> SparedBy(uint64_t body) const;
  };
  using Groups = absl::flat_hash_map<uint64_t, Group>;

  void Erase(Groups::iterator group) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t groups_max_;
  mutable Mutex mutex_;
  uint64_t last_id_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t last_generation_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t refused_ ABSL_GUARDED_BY(mutex_) = 0;
  Groups groups_ ABSL_GUARDED_BY(mutex_);  // by id
  StringMap<uint64_t> ids_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fluxgate
