#include "bridge/ingest/group_write.h"

#include <utility>

namespace fluxgate {

GroupWrite::GroupWrite(Ingest* ingest, const WriteParams& params, std::string_view peer,
                       const Now& now)
    : ingest_(ingest), now_(now) {
  if (params.group.empty()) {
    return;
  }
  body_ = ingest->cache()->BeginBody(params.group, params.group_lifetime_ns, now);
  if (!body_) {
    is_refused_ = true;
    Rejection rejection;
    rejection.time_ns = now.wall_ns;
    rejection.peer = peer;
    rejection.database = params.database;
    rejection.detail = params.group;
    ingest->rejections().Add(kGroupLimitReason, std::move(rejection));
  }
}

void GroupWrite::End(BodyEnd end, const Now& now) {
  if (body_) {
    ingest_->cache()->EndBody(*body_, end, now);
    body_.reset();
  }
}

}  // namespace fluxgate
