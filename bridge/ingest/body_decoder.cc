#include "bridge/ingest/body_decoder.h"

#include "bridge/base/check.h"

#include <absl/strings/match.h>
#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <cstring>

namespace fluxgate {
namespace {

struct CodingName {
  std::string_view name;
  ContentCoding coding;
};

constexpr CodingName kCodingNames[] = {
    {"", ContentCoding::kIdentity},
    {"identity", ContentCoding::kIdentity},
    {"gzip", ContentCoding::kGzip},
    {"x-gzip", ContentCoding::kGzip},
};

std::string_view TrimBlanks(std::string_view text) {
  const size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

bool EqualIgnoreCase(std::string_view a, std::string_view b) {
  return absl::EqualsIgnoreCase({a.data(), a.size()}, {b.data(), b.size()});
}

// igzip counts in 32 bits.
constexpr size_t kIgzipSizeMax = size_t{1} << 30;

}  // namespace

std::optional<ContentCoding> ParseContentEncoding(std::string_view header) {
  const std::string_view trimmed = TrimBlanks(header);
  for (const CodingName& known : kCodingNames) {
    if (EqualIgnoreCase(trimmed, known.name)) {
      return known.coding;
    }
  }
  return std::nullopt;
}

// A gzip stream is a sequence of members: header, deflate data, checksum. igzip keeps what it
// cannot use yet, so the input may be split anywhere.
struct BodyDecoder::Inflate {
  enum class Phase : uint8_t { kHeader, kData, kBetweenMembers, kFailed };

  // The state is not zeroed: it is mostly tables and a window that igzip fills before it reads
  // them.
  Inflate() { StartMember(); }

  void StartMember() {
    isal_inflate_init(&state);
    state.crc_flag = ISAL_GZIP_NO_HDR_VER;
    state.hist_bits = 0;
    isal_gzip_header_init(&header);
    phase = Phase::kHeader;
  }

  // Reads on in the current phase, takes off `input` what it used, and writes data to `out`.
  void Advance(std::string_view* input, std::span<char> out, size_t* written);

  Phase phase = Phase::kHeader;
  // Kept from call to call: igzip remembers the header's flags here.
  isal_gzip_header header;
  inflate_state state;

 private:
  void ReadHeader(std::string_view* input);
  void ReadData(std::string_view* input, std::span<char> out, size_t* written);
  void SkipPadding(std::string_view* input);

  void GiveInput(std::string_view input) {
    // igzip only reads its input, although its pointer is not const.
    state.next_in = reinterpret_cast<uint8_t*>(const_cast<char*>(input.data()));
    state.avail_in = static_cast<uint32_t>(std::min(input.size(), kIgzipSizeMax));
  }

  void TakeUsed(std::string_view* input) const {
    const char* const next = reinterpret_cast<const char*>(state.next_in);
    input->remove_prefix(static_cast<size_t>(next - input->data()));
  }
};

void BodyDecoder::Inflate::Advance(std::string_view* input, std::span<char> out, size_t* written) {
  switch (phase) {
    case Phase::kHeader:
      ReadHeader(input);
      break;
    case Phase::kData:
      ReadData(input, out, written);
      break;
    case Phase::kBetweenMembers:
      SkipPadding(input);
      break;
    case Phase::kFailed:
      break;
  }
}

void BodyDecoder::Inflate::ReadHeader(std::string_view* input) {
  GiveInput(*input);
  const int status = isal_read_gzip_header(&state, &header);
  TakeUsed(input);
  if (status == ISAL_DECOMP_OK) {
    phase = Phase::kData;
  } else if (status != ISAL_END_INPUT) {
    phase = Phase::kFailed;
  }
}

void BodyDecoder::Inflate::ReadData(std::string_view* input, std::span<char> out, size_t* written) {
  GiveInput(*input);
  state.next_out = reinterpret_cast<uint8_t*>(out.data());
  state.avail_out = static_cast<uint32_t>(std::min(out.size(), kIgzipSizeMax));
  const int status = isal_inflate(&state);
  TakeUsed(input);
  *written = static_cast<size_t>(reinterpret_cast<char*>(state.next_out) - out.data());
  if (status < 0) {
    // What comes with an error may be stale memory that igzip never wrote.
    *written = 0;
    phase = Phase::kFailed;
  } else if (state.block_state == ISAL_BLOCK_FINISH) {
    phase = Phase::kBetweenMembers;
  }
}

void BodyDecoder::Inflate::SkipPadding(std::string_view* input) {
  input->remove_prefix(std::min(input->find_first_not_of('\0'), input->size()));
  if (!input->empty()) {
    StartMember();
  }
}

BodyDecoder::BodyDecoder(ContentCoding coding, uint64_t output_size_max)
    : coding_(coding), output_size_max_(output_size_max) {
  if (coding == ContentCoding::kGzip) {
    inflate_ = std::make_unique<Inflate>();
  }
}

BodyDecoder::~BodyDecoder() = default;

void BodyDecoder::SetInput(std::string_view bytes, bool last) {
  CHECK(input_.empty() && !last_);
  input_ = bytes;
  last_ = last;
}

BodyDecoder::Result BodyDecoder::Decode(std::span<char> out, size_t* written) {
  CHECK(!out.empty());
  *written = 0;
  if (output_size_ > output_size_max_) {
    return Result::kTooLarge;
  }
  // At the limit only one more byte can tell whether the body ends there.
  char beyond = 0;
  const uint64_t room = output_size_max_ - output_size_;
  const bool is_full = room == 0;
  out = is_full ? std::span(&beyond, 1) : out.first(std::min<uint64_t>(out.size(), room));
  const Result result =
      coding_ == ContentCoding::kGzip ? DecodeGzip(out, written) : DecodeIdentity(out, written);
  output_size_ += *written;
  if (is_full && result == Result::kOutput) {
    *written = 0;
    return Result::kTooLarge;
  }
  return result;
}

BodyDecoder::Result BodyDecoder::DecodeIdentity(std::span<char> out, size_t* written) {
  if (input_.empty()) {
    return last_ ? Result::kEnd : Result::kNeedInput;
  }
  *written = std::min(out.size(), input_.size());
  std::memcpy(out.data(), input_.data(), *written);
  input_.remove_prefix(*written);
  return Result::kOutput;
}

BodyDecoder::Result BodyDecoder::DecodeGzip(std::span<char> out, size_t* written) {
  bool progressed = true;
  while (progressed) {
    const Inflate::Phase phase = inflate_->phase;
    const size_t input_size = input_.size();
    inflate_->Advance(&input_, out, written);
    if (*written > 0) {
      return Result::kOutput;
    }
    progressed = inflate_->phase != phase || input_.size() != input_size;
  }
  if (inflate_->phase == Inflate::Phase::kFailed || !input_.empty()) {
    return Result::kCorrupt;
  }
  if (!last_) {
    return Result::kNeedInput;
  }
  return inflate_->phase == Inflate::Phase::kBetweenMembers ? Result::kEnd : Result::kCorrupt;
}

}  // namespace fluxgate
