// Undoes the content codings of a request body, piece by piece. Does no I/O.
//
// A chain of decoders, one for each coding. What lies between two of them is a body as sent, and
// held to the limit of one, so that codings in one another cannot make endless work.
// Lifetime: views the input given last until it is used up.
// Errors: as StreamDecoder; output over the limit is kTooLarge.
// Bounds: at most `out.size()` bytes a call; what the decoders of the codings hold
// (inflate_decoder.h, zstd_decoder.h, snappy_decoder.h), and 16 KiB between two of them.
// Thread: compatible.
// Spec: RFC 9110 8.4.1.
#pragma once

#include "bridge/ingest/content_coding.h"
#include "bridge/ingest/stream_decoder.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace fluxgate {

class BodyDecoder {
 public:
  using Result = StreamDecoder::Result;

  static constexpr uint64_t kBetweenSizeMax = uint64_t{32} << 20;

  // `between_size_max`: of what one decoder makes for the next.
  BodyDecoder(const ContentCodings& codings, uint64_t output_size_max,
              uint64_t between_size_max = kBetweenSizeMax);

  // As StreamDecoder.
  void SetInput(std::string_view bytes, bool last) {
    stages_.front().decoder->SetInput(bytes, last);
  }
  Result Decode(std::span<char> out, size_t* written) {
    return Pull(stages_.size() - 1, out, written);
  }

  // As StreamDecoder, of all decoders.
  size_t held_size() const;

  uint64_t output_size() const { return stages_.back().output_size; }

 private:
  struct Stage {
    std::unique_ptr<StreamDecoder> decoder;
    uint64_t output_size = 0;
    uint64_t output_size_max = 0;
    std::vector<char> output;  // the next stage's input; none for the last
  };

  Result Pull(size_t index, std::span<char> out, size_t* written);
  static Result DecodeWithin(Stage* stage, std::span<char> out, size_t* written);

  std::vector<Stage> stages_;  // the first one reads the body as sent
};

}  // namespace fluxgate
