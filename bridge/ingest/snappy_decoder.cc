#include "bridge/ingest/snappy_decoder.h"

#include <isa-l/crc.h>

#include <algorithm>
#include <cstring>
#include <snappy.h>
#include <string>

namespace fluxgate {
namespace {

// What a framed stream begins with. No block does: it would copy from before its start.
constexpr std::string_view kStreamIdentifier("\xff\x06\x00\x00sNaPpY", 10);

constexpr size_t kChunkHeadSize = 4;
constexpr size_t kChecksumSize = 4;
constexpr size_t kChunkDataSizeMax = size_t{64} << 10;  // decoded

constexpr unsigned kCompressedChunk = 0x00;
constexpr unsigned kPlainChunk = 0x01;
constexpr unsigned kSkippableChunks = 0x80;  // and above
constexpr unsigned kIdentifierChunk = 0xff;

unsigned ByteAt(std::string_view bytes, size_t index) {
  return static_cast<unsigned char>(bytes[index]);
}

uint32_t MaskedChecksum(std::string_view data) {
  auto* const bytes = reinterpret_cast<unsigned char*>(const_cast<char*>(data.data()));
  const uint32_t sum = ~crc32_iscsi(bytes, static_cast<int>(data.size()), ~0U);
  return ((sum >> 15) | (sum << 17)) + 0xa282ead8U;
}

class SnappyDecoder final : public StreamDecoder {
 public:
  Result Decode(std::span<char> out, size_t* written) override;
  size_t held_size() const override {
    return form_ == Form::kFramed ? 0 : held_.capacity() + decoded_.capacity();
  }

 private:
  enum class Form : uint8_t { kUnknown, kFramed, kBlock, kFailed };

  // Moves input to `held_` until it has `size` bytes; false when the input does not suffice.
  bool Hold(size_t size);
  Result NextOutput();
  Result NextChunk();
  Result DecodeBlock();
  bool DecodeChunk();
  Result Fail(Result result) {
    form_ = Form::kFailed;
    failure_ = result;
    return result;
  }
  // The input is used up in the middle of something.
  Result NeedMore() { return last_ ? Fail(Result::kCorrupt) : Result::kNeedInput; }

  Form form_ = Form::kUnknown;
  Result failure_ = Result::kCorrupt;
  std::string held_;
  size_t skip_ = 0;  // bytes of a skippable chunk that are to come
  std::string decoded_;
  size_t given_ = 0;  // of decoded_
};

SnappyDecoder::Result SnappyDecoder::Decode(std::span<char> out, size_t* written) {
  *written = 0;
  while (given_ == decoded_.size()) {
    if (const Result result = NextOutput(); result != Result::kOutput) {
      return result;
    }
  }
  *written = decoded_.copy(out.data(), out.size(), given_);
  given_ += *written;
  return Result::kOutput;
}

bool SnappyDecoder::Hold(size_t size) {
  const size_t taken = std::min(size - std::min(size, held_.size()), input_.size());
  held_.append(input_.substr(0, taken));
  input_.remove_prefix(taken);
  return held_.size() >= size;
}

// kOutput when there may be something in `decoded_`.
SnappyDecoder::Result SnappyDecoder::NextOutput() {
  if (form_ == Form::kUnknown) {
    if (!Hold(kStreamIdentifier.size()) && !last_) {
      return Result::kNeedInput;
    }
    form_ = held_ == kStreamIdentifier ? Form::kFramed : Form::kBlock;
    if (form_ == Form::kFramed) {
      held_.clear();
    }
  }
  switch (form_) {
    case Form::kFramed:
      return NextChunk();
    case Form::kBlock:
      return DecodeBlock();
    case Form::kUnknown:
    case Form::kFailed:
      break;
  }
  return failure_;
}

SnappyDecoder::Result SnappyDecoder::NextChunk() {
  const size_t skipped = std::min(skip_, input_.size());
  input_.remove_prefix(skipped);
  skip_ -= skipped;
  if (skip_ > 0) {
    return NeedMore();
  }
  if (!Hold(kChunkHeadSize)) {
    return held_.empty() && last_ ? Result::kEnd : NeedMore();
  }
  const unsigned type = ByteAt(held_, 0);
  const size_t size = ByteAt(held_, 1) | ByteAt(held_, 2) << 8 | ByteAt(held_, 3) << 16;
  if (type >= kSkippableChunks && type != kIdentifierChunk) {
    held_.clear();
    skip_ = size;
    return Result::kOutput;
  }
  const bool is_known = type == kCompressedChunk || type == kPlainChunk || type == kIdentifierChunk;
  if (!is_known || size > kChecksumSize + snappy::MaxCompressedLength(kChunkDataSizeMax)) {
    return Fail(Result::kCorrupt);
  }
  if (!Hold(kChunkHeadSize + size)) {
    return NeedMore();
  }
  if (!DecodeChunk()) {
    return Fail(Result::kCorrupt);
  }
  held_.clear();
  return Result::kOutput;
}

// Decodes the chunk in `held_`.
bool SnappyDecoder::DecodeChunk() {
  decoded_.clear();
  given_ = 0;
  if (ByteAt(held_, 0) == kIdentifierChunk) {
    return held_ == kStreamIdentifier;
  }
  const std::string_view body = std::string_view(held_).substr(kChunkHeadSize);
  if (body.size() < kChecksumSize) {
    return false;
  }
  const std::string_view data = body.substr(kChecksumSize);
  if (ByteAt(held_, 0) == kPlainChunk) {
    decoded_.assign(data);
  } else {
    size_t size = 0;
    if (!snappy::GetUncompressedLength(data.data(), data.size(), &size) ||
        size > kChunkDataSizeMax) {
      return false;
    }
    decoded_.resize(size);
    if (!snappy::RawUncompress(data.data(), data.size(), decoded_.data())) {
      return false;
    }
  }
  uint32_t checksum = 0;  // little endian, as the processors that we build for
  std::memcpy(&checksum, body.data(), sizeof checksum);
  return decoded_.size() <= kChunkDataSizeMax && checksum == MaskedChecksum(decoded_);
}

SnappyDecoder::Result SnappyDecoder::DecodeBlock() {
  if (!decoded_.empty()) {
    return Result::kEnd;
  }
  Hold(kSnappyBlockSizeMax);
  if (!input_.empty()) {
    return Fail(Result::kTooLarge);
  }
  if (!last_) {
    return Result::kNeedInput;
  }
  size_t size = 0;
  if (!snappy::GetUncompressedLength(held_.data(), held_.size(), &size)) {
    return Fail(Result::kCorrupt);
  }
  if (size > kSnappyBlockSizeMax) {
    return Fail(Result::kTooLarge);
  }
  if (!snappy::IsValidCompressedBuffer(held_.data(), held_.size())) {
    return Fail(Result::kCorrupt);
  }
  if (size == 0) {
    return Result::kEnd;
  }
  decoded_.resize(size);
  if (!snappy::RawUncompress(held_.data(), held_.size(), decoded_.data())) {
    decoded_.clear();
    return Fail(Result::kCorrupt);
  }
  return Result::kOutput;
}

}  // namespace

std::unique_ptr<StreamDecoder> MakeSnappyDecoder() {
  return std::make_unique<SnappyDecoder>();
}

}  // namespace fluxgate
