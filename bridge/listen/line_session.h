// One connection that carries line protocol and nothing else.
//
// Complete lines are stored as soon as the kernel has no more, at the latest after kBatchSizeMax
// bytes or kReadsMax reads; a line that is not complete, for want of a closing quote say, waits.
// There is no reply, but for one to HTTP.
// Lifetime: uses the ingest, clock, options and list of its server, which outlive it.
// Errors: bad lines are counted and the stream goes on. A connection that breaks, or is closed by a
// stop, in the middle of a line loses that line, which counts as rejected (`truncated_line`); one
// that its sender ends has a last line without an end.
// Bounds: as one write request; no time limit, but keep-alive probes: how many there are is
// limited. Thread: confined(io thread).
#pragma once

#include "bridge/base/clock.h"
#include "bridge/ingest/batch_writer.h"
#include "bridge/ingest/ingest.h"
#include "bridge/ingest/line_buffer.h"
#include "bridge/ingest/write_params.h"
#include "bridge/listen/session_list.h"
#include "bridge/listen/stream_socket.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fluxgate {

// What the line sessions of one io thread share.
struct LineSurroundings {
  Ingest* ingest;
  const Clock* clock;
  SessionList* list;
};

class LineSession final : public WatchedSession {
 public:
  static constexpr size_t kBatchSizeMax = size_t{256} << 10;
  // A sender of small pieces that always has one more is read no longer than this at a time.
  static constexpr size_t kReadsMax = 64;

  LineSession(StreamSocket socket, const WriteParams& params, const LineSurroundings& surroundings);
  ~LineSession() override;
  LineSession(const LineSession&) = delete;
  LineSession& operator=(const LineSession&) = delete;

  // Serves the connection to its end.
  IoTask<void> Serve();

  void Close() override;
  bool is_idle() const override;

 private:
  enum class State : uint8_t { kOpen, kEnded, kBroken, kHttp };

  void TakeWaiting();
  bool HasHttp();
  IoTask<void> AnswerHttp();
  void CountRejection(std::string_view reason, std::string_view detail);
  void Account();

  StreamSocket socket_;
  const WriteParams& params_;
  const LineSurroundings surroundings_;
  const std::string peer_;
  BatchWriter writer_;
  LineBuffer lines_;
  State state_ = State::kOpen;
  bool first_line_seen_ = false;
};

}  // namespace fluxgate
