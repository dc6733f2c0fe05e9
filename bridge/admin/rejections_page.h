// GET /status/rejections: the last rejected lines, samples and series of each reason, newest first.
//
// Encodings: JSON; times are RFC 3339 with milliseconds; bytes that are not UTF-8 are shown as
// U+FFFD.
// Thread: safe.
#pragma once

#include "bridge/ingest/rejection_log.h"
#include "bridge/ingest/reply.h"

namespace fluxgate {

Reply RejectionsPage(const RejectionLog& rejections);

}  // namespace fluxgate
