#include "bridge/upload/upload_request.h"

#include "protocol/http/multipart_reader.h"

#include "bridge/base/check.h"
#include "bridge/ingest/batch_result.h"
#include "bridge/ingest/group_write.h"
#include "bridge/ingest/ingest.h"
#include "bridge/ingest/url_query.h"
#include "bridge/upload/part_writer.h"
#include "bridge/upload/upload_reply.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace fluxgate {
namespace {

constexpr size_t kReceivedSize = size_t{32} << 10;
constexpr size_t kDecodedSize = size_t{32} << 10;
constexpr size_t kTurnSize = size_t{256} << 10;  // as FileReader counts it
constexpr size_t kPartsMax = 1000;               // each costs buffers and an account
constexpr size_t kNameSizeMax = 255;

std::string_view MessageOf(const absl::Status& status) {
  return {status.message().data(), status.message().size()};
}

}  // namespace

// The body on its way: bytes as sent -> decoded -> parts -> points.
class UploadRequest::Body {
 public:
  Body(Ingest* ingest, const ReportRules* rules, UploadTarget target, const ContentCodings& codings,
       std::string peer, const Now& now)
      : ingest_(ingest),
        rules_(rules),
        target_(std::move(target)),
        peer_(std::move(peer)),
        now_(now),
        codings_(codings),
        group_(ingest, target_.params, peer_, now),
        memory_(&ingest->request_memory()),
        inflated_left_(ingest->options().inflated_size_max) {
    if (!codings.is_identity()) {
      decoder_.emplace(codings, ingest->options().inflated_size_max,
                       ingest->options().body_size_max);
    }
    if (target_.boundary) {
      form_.emplace(*target_.boundary);
    } else {
      BeginPart({target_.name, {}});
    }
  }

  void Abandon() {
    if (!is_accounted_) {
      AbandonPart();
      Account();
    }
  }

  std::optional<Reply> Announce(uint64_t content_length) {
    if (group_.is_refused()) {
      return RefuseGroup();
    }
    if (content_length > ingest_->options().body_size_max) {
      return Fail(413, "Request Entity Too Large");
    }
    return std::nullopt;
  }

  void SetNow(const Now& now) {
    now_ = now;
    group_.SetNow(now);
    if (part_) {
      part_->SetNow(now);
    }
  }

  std::span<char> Prepare() {
    CHECK(!has_more());
    received_.resize(kReceivedSize);
    return received_;
  }

  std::optional<Reply> Commit(size_t size) {
    if (group_.is_refused()) {
      return RefuseGroup();
    }
    size_ += size;
    if (size_ > ingest_->options().body_size_max) {
      return Fail(413, "Request Entity Too Large");
    }
    turn_size_ = 0;
    if (decoder_) {
      BeginDecoding({received_.data(), size}, false);
    } else if (std::optional<Reply> reply = TakeBytes({received_.data(), size})) {
      return reply;
    }
    return Go();
  }

  bool has_more() const { return PartHasMore() || is_in_form_ || is_decoding_ || is_ending_; }

  std::optional<Reply> Continue() {
    turn_size_ = 0;
    return Go();
  }

  std::optional<Reply> End() {
    CHECK(!has_more() && !is_ended_);
    is_ended_ = true;
    if (group_.is_refused()) {
      return RefuseGroup();
    }
    // Nothing at all is an empty upload under any coding.
    if (decoder_ && size_ > 0) {
      BeginDecoding({}, true);
    }
    is_ending_ = true;
    return Continue();
  }

  Reply Finish() {
    std::optional<Reply> early = is_ended_ ? std::nullopt : End();
    while (!early && has_more()) {
      early = Continue();
    }
    if (early) {
      return *std::move(early);
    }
    Reply reply = reply_.Finish();
    if (reply.status == 200 && !hits_limit_) {
      group_.End(BodyEnd::kWhole, now_);
    }
    Account();
    return reply;
  }

 private:
  // Goes on to the end of the turn, with what lies innermost first.
  std::optional<Reply> Go() {
    while (has_more() && turn_size_ < kTurnSize) {
      if (std::optional<Reply> reply = TakeStep()) {
        return reply;
      }
    }
    return std::nullopt;
  }

  std::optional<Reply> TakeStep() {
    if (PartHasMore()) {
      return Settle(part_->Continue());
    }
    if (is_in_form_) {
      return TakeForm();
    }
    if (is_decoding_) {
      return Decode();
    }
    is_ending_ = false;
    if (form_) {
      BeginForm({}, true);
      return std::nullopt;
    }
    return EndPart();
  }

  bool PartHasMore() const { return part_ && part_->has_more(); }

  void BeginDecoding(std::string_view encoded, bool last) {
    decoded_.resize(kDecodedSize);
    decoder_->SetInput(encoded, last);
    is_decoding_ = true;
  }

  // One piece.
  std::optional<Reply> Decode() {
    size_t written = 0;
    const BodyDecoder::Result result = decoder_->Decode(decoded_, &written);
    if (!memory_.Hold(decoder_->held_size())) {
      decoder_.reset();
      memory_.Hold(0);
      Reply reply = Fail(503, kNoMemoryMessage);
      reply.headers.emplace_back("Retry-After", "1");
      return reply;
    }
    switch (result) {
      case BodyDecoder::Result::kOutput:
        turn_size_ += written;  // there may be no part that counts them
        return TakeBytes({decoded_.data(), written});
      case BodyDecoder::Result::kNeedInput:
      case BodyDecoder::Result::kEnd:
        break;
      case BodyDecoder::Result::kCorrupt:
        return Fail(400, codings_.Text() + ": invalid or truncated stream");
      case BodyDecoder::Result::kTooLarge:
        return Fail(413, "Request Entity Too Large");
    }
    is_decoding_ = false;
    return std::nullopt;
  }

  std::optional<Reply> TakeBytes(std::string_view bytes) {
    if (form_) {
      BeginForm(bytes, false);
      return std::nullopt;
    }
    return WritePart(bytes);
  }

  void BeginForm(std::string_view bytes, bool last) {
    unread_.append(bytes);
    form_->SetInput(unread_, last);
    is_in_form_ = true;
  }

  // One step.
  std::optional<Reply> TakeForm() {
    using Result = http::MultipartReader::Result;
    switch (form_->Next()) {
      case Result::kPartBegin:
        if (++part_count_ > kPartsMax) {
          return Fail(400, "the form has too many parts");
        }
        BeginPart(form_->part());
        return std::nullopt;
      case Result::kBytes:
        return WritePart(form_->bytes());
      case Result::kPartEnd:
        return EndPart();
      case Result::kError:
        return Fail(400, form_->error());
      case Result::kNeedMore:
      case Result::kEnd:
        break;
    }
    unread_.erase(0, form_->consumed());
    is_in_form_ = false;
    return std::nullopt;
  }

  void BeginPart(const http::PartHead& head) {
    part_.emplace(ingest_, rules_, target_.params, group_.body(), peer_, now_, inflated_left_);
    part_->outcome().name = head.name.substr(0, kNameSizeMax);
    part_->outcome().filename = head.filename.substr(0, kNameSizeMax);
  }

  std::optional<Reply> WritePart(std::string_view bytes) { return Settle(part_->Write(bytes)); }

  // What a turn of the part came to: the reply of an upload that is too large inside; a file that
  // is broken leaves the others.
  std::optional<Reply> Settle(const absl::Status& status) {
    turn_size_ += part_->turn_size();
    Blame(status);
    if (is_part_ending_ && !part_->has_more()) {
      ClosePart();
    }
    if (absl::IsResourceExhausted(status)) {
      return Fail(413, MessageOf(status));
    }
    return std::nullopt;
  }

  void Blame(const absl::Status& status) {
    if (!status.ok() && part_->outcome().error.empty()) {
      part_->outcome().error = MessageOf(status);
    }
  }

  std::optional<Reply> EndPart() {
    is_part_ending_ = true;
    return Settle(part_->End(true));
  }

  void AbandonPart() {
    if (part_) {
      Blame(part_->End(false));
      Blame(absl::DataLossError("the file is not complete"));
      ClosePart();
    }
  }

  void ClosePart() {
    inflated_left_ -= std::min(inflated_left_, part_->inflated_size());
    reply_.Add(part_->outcome());
    samples_ += part_->outcome().samples;
    hits_limit_ |= HitsLimit(part_->outcome().dropped_samples);
    part_.reset();
    is_part_ending_ = false;
  }

  // What came before the fault is kept: the client may never send it again.
  Reply Fail(int status, std::string_view message) {
    AbandonPart();
    Account();
    return reply_.Finish(status, message);
  }

  Reply RefuseGroup() { return Fail(400, "too many groups"); }

  void Account() {
    is_accounted_ = true;
    group_.End(GroupWrite::CutOff(samples_), now_);
    BatchResult result;
    result.totals.requests = 1;
    result.totals.bytes = size_;
    ingest_->Account(target_.params, result, now_);
  }

  Ingest* const ingest_;
  const ReportRules* const rules_;
  const UploadTarget target_;
  const std::string peer_;
  Now now_;
  const ContentCodings codings_;
  GroupWrite group_;
  HeldMemory memory_;
  std::optional<BodyDecoder> decoder_;  // none for a body as it is
  uint64_t inflated_left_;
  uint64_t size_ = 0;  // as sent
  std::vector<char> received_;
  std::vector<char> decoded_;
  std::optional<http::MultipartReader> form_;
  std::string unread_;
  size_t part_count_ = 0;
  std::optional<PartWriter> part_;
  UploadReply reply_;
  // What was committed and is not done: of the body as sent, and of unread_.
  bool is_decoding_ = false;
  bool is_in_form_ = false;
  bool is_ended_ = false;
  bool is_ending_ = false;  // what is last was not begun
  bool is_part_ending_ = false;
  size_t turn_size_ = 0;
  bool hits_limit_ = false;
  uint64_t samples_ = 0;  // stored
  bool is_accounted_ = false;
};

std::optional<Reply> ParseUploadTarget(std::string_view query, std::string_view content_type,
                                       UploadTarget* target) {
  if (auto error = ParseWriteParams(WriteProtocol::kUpload, query, &target->params)) {
    return error;
  }
  target->name = FindUrlParameter(query, "name").value_or("");
  if (!http::IsMultipart(content_type)) {
    return std::nullopt;
  }
  target->boundary = http::ParseMultipartBoundary(content_type);
  if (!target->boundary) {
    return V1Error(400, "the Content-Type has no usable boundary");
  }
  return std::nullopt;
}

UploadRequest::UploadRequest(Ingest* ingest, const ReportRules* rules, UploadTarget target,
                             const ContentCodings& codings, std::string peer, const Now& now)
    : body_(std::make_unique<Body>(ingest, rules, std::move(target), codings, std::move(peer),
                                   now)) {}

UploadRequest::~UploadRequest() = default;

std::optional<Reply> UploadRequest::Announce(uint64_t content_length) {
  return body_->Announce(content_length);
}

void UploadRequest::SetNow(const Now& now) {
  body_->SetNow(now);
}

std::span<char> UploadRequest::Prepare() {
  return body_->Prepare();
}

std::optional<Reply> UploadRequest::Commit(size_t size) {
  return body_->Commit(size);
}

bool UploadRequest::has_more() const {
  return body_->has_more();
}

std::optional<Reply> UploadRequest::Continue() {
  return body_->Continue();
}

std::optional<Reply> UploadRequest::End() {
  return body_->End();
}

Reply UploadRequest::Finish() {
  return body_->Finish();
}

void UploadRequest::Abandon() {
  body_->Abandon();
}

}  // namespace fluxgate
