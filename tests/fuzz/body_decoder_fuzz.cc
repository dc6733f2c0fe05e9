// Feeds a gzip body in pieces: the verdict must not depend on where it is cut, the limit must hold,
// and what zlib inflates must come out the same.
//
// Input: four bytes that choose the cuts, the size of the output buffer and the limit; then the
// body.

#include "bridge/base/check.h"
#include "bridge/ingest/body_decoder.h"

#include "tests/bridge/ingest/gzip_reference.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace {

using fluxgate::BodyDecoder;

constexpr size_t kChoiceSize = 4;

struct Outcome {
  BodyDecoder::Result result = BodyDecoder::Result::kNeedInput;
  std::string text;
};

Outcome Decode(std::string_view body, size_t piece_size, size_t out_size, uint64_t limit) {
  BodyDecoder decoder(fluxgate::ContentCoding::kGzip, limit);
  Outcome outcome;
  std::string out(out_size, '\0');
  while (outcome.result == BodyDecoder::Result::kNeedInput) {
    // A copy of its own, so that a read past its end is found.
    const std::string piece(body.substr(0, piece_size));
    body.remove_prefix(piece.size());
    decoder.SetInput(piece, body.empty());
    do {
      size_t written = 0;
      outcome.result = decoder.Decode(out, &written);
      CHECK(written <= out_size);
      outcome.text.append(out, 0, written);
    } while (outcome.result == BodyDecoder::Result::kOutput);
    CHECK(outcome.result != BodyDecoder::Result::kNeedInput || !body.empty());
  }
  CHECK(outcome.text.size() <= limit);
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  if (size < kChoiceSize) {
    return 0;
  }
  const std::string_view body(reinterpret_cast<const char*>(bytes) + kChoiceSize,
                              size - kChoiceSize);
  const size_t piece_size = size_t{bytes[0]} + 1;
  const size_t out_size = size_t{1} << (bytes[1] % 18);
  const uint64_t limit = (uint64_t{bytes[2]} << 8 | bytes[3]) * 16;
  const Outcome cut = Decode(body, piece_size, out_size, limit);
  const Outcome whole = Decode(body, std::max<size_t>(body.size(), 1), size_t{1} << 16, limit);
  CHECK((cut.result == BodyDecoder::Result::kEnd) == (whole.result == BodyDecoder::Result::kEnd));
  // How much comes out before a fault is found depends on the cuts, but not what.
  CHECK(cut.text.starts_with(whole.text) || whole.text.starts_with(cut.text));
  CHECK(cut.result != BodyDecoder::Result::kEnd || cut.text == whole.text);
  const std::optional<std::string> reference = fluxgate::ReferenceGunzip(body);
  if (reference && reference->size() <= limit) {
    CHECK(cut.result == BodyDecoder::Result::kEnd && cut.text == *reference);
  } else if (reference) {
    CHECK(cut.result == BodyDecoder::Result::kTooLarge && cut.text == reference->substr(0, limit));
  }
  return 0;
}
