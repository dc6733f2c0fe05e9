#include "bridge/ingest/write_request.h"

#include "bridge/base/check.h"
#include "bridge/ingest/atomic_check.h"
#include "bridge/ingest/batch_writer.h"
#include "bridge/ingest/group_write.h"
#include "bridge/ingest/ingest.h"
#include "bridge/ingest/line_buffer.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace fluxgate {
namespace {

constexpr size_t kEncodedSize = size_t{32} << 10;
// Decoded at a time, and read; short lines cost more than their bytes.
constexpr size_t kTurnSize = size_t{256} << 10;
constexpr uint64_t kTurnLines = 8192;
// Into a buffer that holds a body as a whole.
constexpr size_t kPieceSize = size_t{64} << 10;

}  // namespace

// The body on its way: bytes as sent -> decoded -> lines.
class WriteRequest::Body {
 public:
  Body(Ingest* ingest, WriteParams params, const ContentCodings& codings, std::string peer,
       const Now& now)
      : ingest_(ingest),
        params_(std::move(params)),
        peer_(std::move(peer)),
        now_(now),
        codings_(codings),
        group_(ingest, params_, peer_, now),
        memory_(&ingest->request_memory()),
        writer_(ingest, params_, peer_, now),
        lines_(&writer_, ingest->options().line_size_max) {
    writer_.SetBody(group_.body());
    if (!params_.accept_partial) {
      check_.emplace(ingest, params_, peer_, now);
    }
    if (!codings.is_identity()) {
      decoder_.emplace(codings, ingest->options().inflated_size_max,
                       ingest->options().body_size_max);
    }
  }

  std::optional<Reply> Announce(uint64_t content_length) {
    if (group_.is_refused()) {
      return RefuseGroup();
    }
    if (content_length > ingest_->options().body_size_max) {
      return TooLarge();
    }
    lines_.Announce(content_length);
    return std::nullopt;
  }

  void SetNow(const Now& now) {
    now_ = now;
    group_.SetNow(now);
    writer_.SetNow(now);
  }

  std::span<char> Prepare() {
    CHECK(!has_more_);
    if (decoder_) {
      encoded_.resize(kEncodedSize);
      return encoded_;
    }
    return Free();
  }

  std::optional<Reply> Commit(size_t size) {
    if (group_.is_refused()) {
      return RefuseGroup();
    }
    writer_.totals().bytes += size;
    if (writer_.totals().bytes > ingest_->options().body_size_max) {
      return TooLarge();
    }
    if (!decoder_) {
      if (writer_.totals().bytes > ingest_->options().inflated_size_max) {
        return TooLarge();
      }
      return Take(size);
    }
    decoder_->SetInput(std::string_view(encoded_.data(), size), false);
    return Decode();
  }

  bool has_more() const { return has_more_; }

  // Decodes for one turn.
  std::optional<Reply> Decode() {
    has_more_ = false;
    size_t decoded = 0;
    const uint64_t lines = LineCount();
    while (decoded < kTurnSize && LineCount() - lines < kTurnLines) {
      size_t written = 0;
      switch (decoder_->Decode(Free(), &written)) {
        case BodyDecoder::Result::kOutput:
          if (std::optional<Reply> reply = Take(written)) {
            return reply;
          }
          decoded += written;
          break;
        case BodyDecoder::Result::kNeedInput:
        case BodyDecoder::Result::kEnd:
          return Hold();
        case BodyDecoder::Result::kCorrupt:
          return Fail(400, codings_.Text() + ": invalid or truncated stream");
        case BodyDecoder::Result::kTooLarge:
          return TooLarge();
      }
    }
    has_more_ = true;
    return std::nullopt;
  }

  std::optional<Reply> End() {
    CHECK(!has_more_ && !is_ended_);
    is_ended_ = true;
    if (group_.is_refused()) {
      return RefuseGroup();
    }
    // Nothing at all is an empty batch under any coding.
    if (decoder_ && writer_.totals().bytes > 0) {
      decoder_->SetInput({}, true);
      return Decode();
    }
    return std::nullopt;
  }

  Reply Finish() {
    std::optional<Reply> early = is_ended_ ? std::nullopt : End();
    while (!early && has_more_) {
      early = Decode();
    }
    if (early) {
      return *std::move(early);
    }
    if (check_) {
      if (std::optional<Reply> reply = RefuseBadLines()) {
        return *std::move(reply);
      }
    }
    lines_.StoreAll();
    const BatchResult& result = writer_.result();
    if (result.bad_lines.count() == 0 && !HitsLimit(result.reasons.dropped_samples)) {
      group_.End(BodyEnd::kWhole, now_);
    }
    return Account(BatchReply(params_.protocol, writer_.result()));
  }

  void Abandon() {
    if (!is_accounted_) {
      Account({});
    }
  }

 private:
  uint64_t LineCount() const {
    return check_ ? check_->line_count()
                  : writer_.result().totals.points + writer_.result().bad_lines.count();
  }

  // `size` bytes more are in the buffer.
  std::optional<Reply> Take(size_t size) {
    lines_.Take(size);
    if (check_) {
      if (lines_.held().size() > ingest_->options().atomic_size_max) {
        return TooLarge();
      }
      check_->Read(lines_.held(), false, now_);
    }
    return Hold();
  }

  // Sees to what all requests together hold.
  std::optional<Reply> Hold() {
    if (memory_.Hold(lines_.held_size() + (decoder_ ? decoder_->held_size() : 0))) {
      return std::nullopt;
    }
    Reply reply = Fail(503, kNoMemoryMessage);
    reply.headers.emplace_back("Retry-After", "1");
    return reply;
  }

  // All lines are read before the first is stored.
  std::optional<Reply> RefuseBadLines() {
    check_->Read(lines_.held(), true, now_);
    BatchResult check = check_->TakeResult();
    if (check.bad_lines.count() == 0) {
      return std::nullopt;
    }
    check.totals.requests = 1;
    check.totals.bytes = writer_.totals().bytes;
    return Account(AtomicReply(check), check);
  }

  // A body that is stored as a whole or not at all stays in the buffer.
  std::span<char> Free() {
    if (!check_) {
      return lines_.Free();
    }
    const std::span<char> free = lines_.FreeHolding(ingest_->options().atomic_size_max);
    return free.first(std::min(free.size(), kPieceSize));
  }

  Reply RefuseGroup() { return Account(ProtocolError(params_.protocol, 400, "too many groups")); }

  std::optional<Reply> TooLarge() { return Fail(413, "Request Entity Too Large"); }

  // What came before the fault is kept: the client may never send it again.
  Reply Fail(int status, std::string_view message) {
    if (params_.accept_partial) {
      lines_.StoreLines();
    }
    // The client may take its time with the reply.
    lines_.Drop();
    decoder_.reset();
    memory_.Hold(0);
    return Account(ProtocolError(params_.protocol, status, message));
  }

  Reply Account(Reply reply) {
    writer_.totals().requests = 1;
    return Account(std::move(reply), writer_.result());
  }

  Reply Account(Reply reply, const BatchResult& result) {
    is_accounted_ = true;
    group_.End(GroupWrite::CutOff(writer_.result().totals.samples), now_);
    ingest_->Account(params_, result, now_);
    return reply;
  }

  Ingest* const ingest_;
  const WriteParams params_;
  const std::string peer_;
  Now now_;
  const ContentCodings codings_;
  std::optional<BodyDecoder> decoder_;  // none for a body as it is
  GroupWrite group_;
  HeldMemory memory_;
  BatchWriter writer_;
  LineBuffer lines_;
  std::optional<AtomicCheck> check_;  // of a body that is stored as a whole or not at all
  std::vector<char> encoded_;
  bool has_more_ = false;  // of encoded_ is not decoded
  bool is_ended_ = false;
  bool is_accounted_ = false;
};

WriteRequest::WriteRequest(Ingest* ingest, WriteParams params, const ContentCodings& codings,
                           std::string peer, const Now& now)
    : body_(std::make_unique<Body>(ingest, std::move(params), codings, std::move(peer), now)) {}

WriteRequest::~WriteRequest() = default;

std::optional<Reply> WriteRequest::Announce(uint64_t content_length) {
  return body_->Announce(content_length);
}

void WriteRequest::SetNow(const Now& now) {
  body_->SetNow(now);
}

std::span<char> WriteRequest::Prepare() {
  return body_->Prepare();
}

std::optional<Reply> WriteRequest::Commit(size_t size) {
  return body_->Commit(size);
}

bool WriteRequest::has_more() const {
  return body_->has_more();
}

std::optional<Reply> WriteRequest::Continue() {
  return body_->Decode();
}

std::optional<Reply> WriteRequest::End() {
  return body_->End();
}

Reply WriteRequest::Finish() {
  return body_->Finish();
}

void WriteRequest::Abandon() {
  body_->Abandon();
}

}  // namespace fluxgate
