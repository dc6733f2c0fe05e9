// One write request from its first body byte to its reply, without sockets.
//
// Use: copy body bytes into Prepare(), Commit() them, Continue() while it has more, and so on; at
// the body's end End() and Continue() while it has more, then Finish() gives the reply. A reply
// from any of them is final: the rest of the body need not be read. Lines are parsed and cached as
// they arrive, in slices. Lifetime: views the Ingest it was made by. Lines that were cached stay
// cached whatever becomes of the request; with WriteParams::accept_partial off none is before all
// have been read. Errors: become replies in the shape of the API (reply.h). Bounds: under 2 MiB of
// memory whatever the size of the body and the number of fields of its lines, with lines of up to 1
// MiB. A zstd body adds the window of its frames beyond 256 KiB (8 MiB at most), a snappy block 16
// MiB at most, a coding in another one its decoder; one that is stored as a whole or not at all is
// held, up to IngestOptions::atomic_size_max. Thread: compatible. Spec: InfluxDB 1.x /write, 2.x
// /api/v2/write, 3.x /api/v3/write_lp.
#pragma once

#include "bridge/base/clock.h"
#include "bridge/ingest/body_decoder.h"
#include "bridge/ingest/reply.h"
#include "bridge/ingest/write_params.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fluxgate {

class Ingest;  // bridge/ingest/ingest.h

class WriteRequest {
 public:
  // `peer` is the sender's address and port. `now` is when the request began: the time of lines
  // that have none.
  WriteRequest(Ingest* ingest, WriteParams params, const ContentCodings& codings, std::string peer,
               const Now& now);
  ~WriteRequest();
  WriteRequest(const WriteRequest&) = delete;
  WriteRequest& operator=(const WriteRequest&) = delete;

  // Told in advance how large the body as sent will be, if that is known.
  std::optional<Reply> Announce(uint64_t content_length);

  // Tells what time it is for the bytes that come now; a body may take long.
  void SetNow(const Now& now);

  // Where the next bytes of the body go; never empty.
  std::span<char> Prepare();

  // Takes the first `size` bytes of what Prepare() gave. Of a coded body a few bytes may become
  // many: then it has more, and others may have their turn between this and each Continue().
  std::optional<Reply> Commit(size_t size);
  bool has_more() const;
  std::optional<Reply> Continue();

  // The body is at its end. As Commit(): it may have more before it can be finished.
  std::optional<Reply> End();

  // Ends what was not ended, in one turn.
  Reply Finish();

  // Counts what came of a body whose end will not come; after a reply it does nothing.
  void Abandon();

 private:
  class Body;
  std::unique_ptr<Body> body_;
};

}  // namespace fluxgate
