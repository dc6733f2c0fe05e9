// One body that is written as a snapshot of a group, from its first byte to its end.
//
// Lifetime: views the Ingest it was made by, and is where it was made as long as batches use
// body(). A body that does not End() was cut off.
// Bounds: the end of a complete body takes time by the size of its group.
// Thread: compatible.
#pragma once

#include "bridge/base/clock.h"
#include "bridge/cache/group_registry.h"
#include "bridge/ingest/ingest.h"
#include "bridge/ingest/write_params.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace fluxgate {

inline constexpr std::string_view kGroupLimitReason = "group_limit";

class GroupWrite {
 public:
  // Of no group if `params` name none. A group for which there is no room is noted in the rejection
  // log.
  GroupWrite(Ingest* ingest, const WriteParams& params, std::string_view peer, const Now& now);
  ~GroupWrite() { End(BodyEnd::kEmpty, now_); }
  GroupWrite(const GroupWrite&) = delete;
  GroupWrite& operator=(const GroupWrite&) = delete;

  // Whether the body must not be taken: there are too many groups.
  bool is_refused() const { return is_refused_; }

  // For WriteOrigin; null: of no group.
  const GroupBody* body() const { return body_ ? &*body_ : nullptr; }

  void SetNow(const Now& now) { now_ = now; }

  // The body has ended. Called again, it does nothing.
  void End(BodyEnd end, const Now& now);

  // Of a body that is not whole.
  static BodyEnd CutOff(uint64_t samples) { return samples > 0 ? BodyEnd::kPart : BodyEnd::kEmpty; }

 private:
  Ingest* const ingest_;
  Now now_;
  std::optional<GroupBody> body_;
  bool is_refused_ = false;
};

}  // namespace fluxgate
