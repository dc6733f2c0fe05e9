#include "bridge/ingest/body_decoder.h"

#include "bridge/ingest/inflate_decoder.h"
#include "bridge/ingest/snappy_decoder.h"
#include "bridge/ingest/zstd_decoder.h"

#include <algorithm>
#include <cstring>

namespace fluxgate {
namespace {

constexpr size_t kBetweenStagesSize = size_t{16} << 10;

class IdentityDecoder final : public StreamDecoder {
 public:
  Result Decode(std::span<char> out, size_t* written) override {
    *written = std::min(out.size(), input_.size());
    if (input_.empty()) {
      return last_ ? Result::kEnd : Result::kNeedInput;
    }
    std::memcpy(out.data(), input_.data(), *written);
    input_.remove_prefix(*written);
    return Result::kOutput;
  }
};

std::unique_ptr<StreamDecoder> MakeDecoder(ContentCoding coding) {
  switch (coding) {
    case ContentCoding::kGzip:
      return MakeGzipDecoder();
    case ContentCoding::kDeflate:
      return MakeDeflateDecoder();
    case ContentCoding::kZstd:
      return MakeZstdDecoder();
    case ContentCoding::kSnappy:
      return MakeSnappyDecoder();
    case ContentCoding::kIdentity:
      break;
  }
  return std::make_unique<IdentityDecoder>();
}

}  // namespace

BodyDecoder::BodyDecoder(const ContentCodings& codings, uint64_t output_size_max,
                         uint64_t between_size_max) {
  const std::span<const ContentCoding> applied = codings.applied();
  for (size_t left = applied.size(); left > 0; --left) {
    Stage& stage = stages_.emplace_back();
    stage.decoder = MakeDecoder(applied[left - 1]);
    if (left > 1) {
      stage.output.resize(kBetweenStagesSize);
    }
    stage.output_size_max = left > 1 ? between_size_max : output_size_max;
  }
  if (stages_.empty()) {
    Stage& stage = stages_.emplace_back();
    stage.decoder = MakeDecoder(ContentCoding::kIdentity);
    stage.output_size_max = output_size_max;
  }
}

size_t BodyDecoder::held_size() const {
  size_t size = 0;
  for (const Stage& stage : stages_) {
    size += stage.decoder->held_size();
  }
  return size;
}

BodyDecoder::Result BodyDecoder::Pull(size_t index, std::span<char> out, size_t* written) {
  Stage& stage = stages_[index];
  for (;;) {
    const Result result = DecodeWithin(&stage, out, written);
    if (result != Result::kNeedInput || index == 0) {
      return result;
    }
    Stage& before = stages_[index - 1];
    size_t size = 0;
    const Result input = Pull(index - 1, before.output, &size);
    if (input != Result::kOutput && input != Result::kEnd) {
      return input;
    }
    stage.decoder->SetInput({before.output.data(), size}, input == Result::kEnd);
  }
}

BodyDecoder::Result BodyDecoder::DecodeWithin(Stage* stage, std::span<char> out, size_t* written) {
  CHECK(!out.empty());
  *written = 0;
  if (stage->output_size > stage->output_size_max) {
    return Result::kTooLarge;
  }
  // At the limit only one more byte can tell whether the body ends there.
  char beyond = 0;
  const uint64_t room = stage->output_size_max - stage->output_size;
  const bool is_full = room == 0;
  out = is_full ? std::span(&beyond, 1) : out.first(std::min<uint64_t>(out.size(), room));
  const Result result = stage->decoder->Decode(out, written);
  stage->output_size += *written;
  if (is_full && result == Result::kOutput) {
    *written = 0;
    return Result::kTooLarge;
  }
  return result;
}

}  // namespace fluxgate
