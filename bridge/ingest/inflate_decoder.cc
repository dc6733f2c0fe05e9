#include "bridge/ingest/inflate_decoder.h"

#include <isa-l/igzip_lib.h>

#include <algorithm>

namespace fluxgate {
namespace {

// igzip counts in 32 bits.
constexpr size_t kIgzipSizeMax = size_t{1} << 30;

// A zlib header begins with method 8. As raw deflate that byte would begin a stored block with
// padding that is not zero, which nobody writes.
bool BeginsZlibHeader(char byte) {
  return (static_cast<unsigned char>(byte) & 0xF) == 8;
}

// A sequence of phases; igzip keeps what it cannot use yet, so the input may be split anywhere.
class InflateDecoder : public StreamDecoder {
 public:
  Result Decode(std::span<char> out, size_t* written) final;

 protected:
  enum class Phase : uint8_t { kStart, kHeader, kData, kBehind, kFailed };

  // The igzip state is not zeroed: it is mostly tables and a window that igzip fills before it
  // reads them.
  InflateDecoder() { Restart(0); }

  void Restart(uint32_t checksum) {
    isal_inflate_init(&state_);
    state_.crc_flag = checksum;
    state_.hist_bits = 0;
  }

  void GiveInput() {
    // igzip only reads its input, although its pointer is not const.
    state_.next_in = reinterpret_cast<uint8_t*>(const_cast<char*>(input_.data()));
    state_.avail_in = static_cast<uint32_t>(std::min(input_.size(), kIgzipSizeMax));
  }

  void TakeUsed() {
    const char* const next = reinterpret_cast<const char*>(state_.next_in);
    input_.remove_prefix(static_cast<size_t>(next - input_.data()));
  }

  void EndHeader(int status) {
    TakeUsed();
    if (status == ISAL_DECOMP_OK) {
      phase_ = Phase::kData;
    } else if (status != ISAL_END_INPUT) {
      phase_ = Phase::kFailed;
    }
  }

  // Looks at the first byte of a stream, which is there.
  virtual void Begin() = 0;
  virtual void ReadHeader() = 0;
  // Looks at what follows the data.
  virtual void LookBehind() = 0;

  Phase phase_ = Phase::kStart;
  inflate_state state_;

 private:
  void Advance(std::span<char> out, size_t* written);
  void ReadData(std::span<char> out, size_t* written);
};

InflateDecoder::Result InflateDecoder::Decode(std::span<char> out, size_t* written) {
  *written = 0;
  bool progressed = true;
  while (progressed) {
    const Phase phase = phase_;
    const size_t input_size = input_.size();
    Advance(out, written);
    if (*written > 0) {
      return Result::kOutput;
    }
    progressed = phase_ != phase || input_.size() != input_size;
  }
  if (phase_ == Phase::kFailed || !input_.empty()) {
    return Result::kCorrupt;
  }
  if (!last_) {
    return Result::kNeedInput;
  }
  return phase_ == Phase::kBehind ? Result::kEnd : Result::kCorrupt;
}

void InflateDecoder::Advance(std::span<char> out, size_t* written) {
  switch (phase_) {
    case Phase::kStart:
      if (!input_.empty()) {
        Begin();
      }
      break;
    case Phase::kHeader:
      ReadHeader();
      break;
    case Phase::kData:
      ReadData(out, written);
      break;
    case Phase::kBehind:
      LookBehind();
      break;
    case Phase::kFailed:
      break;
  }
}

void InflateDecoder::ReadData(std::span<char> out, size_t* written) {
  GiveInput();
  state_.next_out = reinterpret_cast<uint8_t*>(out.data());
  state_.avail_out = static_cast<uint32_t>(std::min(out.size(), kIgzipSizeMax));
  const int status = isal_inflate(&state_);
  TakeUsed();
  *written = static_cast<size_t>(reinterpret_cast<char*>(state_.next_out) - out.data());
  if (status < 0) {
    // What comes with an error may be stale memory that igzip never wrote.
    *written = 0;
    phase_ = Phase::kFailed;
  } else if (state_.block_state == ISAL_BLOCK_FINISH) {
    phase_ = Phase::kBehind;
  }
}

// A sequence of members: header, deflate data, checksum.
class GzipDecoder final : public InflateDecoder {
 private:
  void Begin() override {
    Restart(ISAL_GZIP_NO_HDR_VER);
    isal_gzip_header_init(&header_);
    phase_ = Phase::kHeader;
  }

  void ReadHeader() override {
    GiveInput();
    EndHeader(isal_read_gzip_header(&state_, &header_));
  }

  void LookBehind() override {
    input_.remove_prefix(std::min(input_.find_first_not_of('\0'), input_.size()));
    if (!input_.empty()) {
      Begin();
    }
  }

  // Kept from call to call: igzip remembers the header's flags here.
  isal_gzip_header header_;
};

class DeflateDecoder final : public InflateDecoder {
 private:
  void Begin() override {
    const bool has_header = BeginsZlibHeader(input_.front());
    Restart(has_header ? ISAL_ZLIB_NO_HDR_VER : ISAL_DEFLATE);
    phase_ = has_header ? Phase::kHeader : Phase::kData;
  }

  void ReadHeader() override {
    GiveInput();
    EndHeader(isal_read_zlib_header(&state_, &header_));
    if (phase_ == Phase::kData && header_.dict_flag != 0) {
      phase_ = Phase::kFailed;  // there is no dictionary
    }
  }

  void LookBehind() override {}

  isal_zlib_header header_{};
};

}  // namespace

std::unique_ptr<StreamDecoder> MakeGzipDecoder() {
  return std::make_unique<GzipDecoder>();
}

std::unique_ptr<StreamDecoder> MakeDeflateDecoder() {
  return std::make_unique<DeflateDecoder>();
}

}  // namespace fluxgate
