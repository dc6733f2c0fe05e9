#include "bridge/ingest/zstd_decoder.h"

#include <algorithm>
#include <optional>
#include <zstd.h>
#include <zstd_errors.h>

namespace fluxgate {
namespace {

// A context with the window of a small body.
constexpr size_t kOrdinarySize = size_t{512} << 10;

struct FreeContext {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

class ZstdDecoder final : public StreamDecoder {
 public:
  ZstdDecoder() : context_(ZSTD_createDCtx()) {
    CHECK(context_ != nullptr);
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, kZstdWindowLogMax);
  }

  Result Decode(std::span<char> out, size_t* written) override;
  size_t held_size() const override {
    const size_t size = ZSTD_sizeof_DCtx(context_.get());
    return size - std::min(size, kOrdinarySize);
  }

 private:
  Result Fail(size_t code) {
    failure_ = ZSTD_getErrorCode(code) == ZSTD_error_frameParameter_windowTooLarge
                   ? Result::kTooLarge
                   : Result::kCorrupt;
    return *failure_;
  }

  const std::unique_ptr<ZSTD_DCtx, FreeContext> context_;
  bool in_frame_ = false;
  bool has_frame_ = false;
  std::optional<Result> failure_;
};

ZstdDecoder::Result ZstdDecoder::Decode(std::span<char> out, size_t* written) {
  *written = 0;
  if (failure_) {
    return *failure_;
  }
  // In a frame there may be output without input.
  while (in_frame_ || !input_.empty()) {
    ZSTD_inBuffer source = {input_.data(), input_.size(), 0};
    ZSTD_outBuffer target = {out.data(), out.size(), 0};
    const size_t left = ZSTD_decompressStream(context_.get(), &target, &source);
    input_.remove_prefix(source.pos);
    if (ZSTD_isError(left) != 0) {
      return Fail(left);
    }
    in_frame_ = left != 0;
    has_frame_ = true;
    if (target.pos > 0) {
      *written = target.pos;
      return Result::kOutput;
    }
    if (in_frame_ && input_.empty()) {
      break;
    }
  }
  if (!last_) {
    return Result::kNeedInput;
  }
  return in_frame_ || !has_frame_ ? Result::kCorrupt : Result::kEnd;
}

}  // namespace

std::unique_ptr<StreamDecoder> MakeZstdDecoder() {
  return std::make_unique<ZstdDecoder>();
}

}  // namespace fluxgate
