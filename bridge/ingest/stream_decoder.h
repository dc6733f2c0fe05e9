// Undoes one content coding, piece by piece. Does no I/O.
//
// Lifetime: views the input given last until it is used up.
// Errors: a broken or truncated stream is kCorrupt, one that asks for more memory than its decoder
// has kTooLarge; both are final.
// Bounds: at most `out.size()` bytes a call; what a decoder holds is said where it is made.
// Thread: compatible.
#pragma once

#include "bridge/base/check.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace fluxgate {

class StreamDecoder {
 public:
  enum class Result : uint8_t {
    kOutput,     // `*written` bytes were written; there may be more: call again
    kNeedInput,  // the input is used up
    kEnd,        // the stream is complete: the input was the last and is used up
    kCorrupt,
    kTooLarge,
  };

  virtual ~StreamDecoder() = default;

  // The previous input must be used up (kNeedInput). `last`: nothing follows.
  void SetInput(std::string_view bytes, bool last) {
    CHECK(input_.empty() && !last_);
    input_ = bytes;
    last_ = last;
  }

  // `out` is not empty. `*written` is zero but for kOutput.
  virtual Result Decode(std::span<char> out, size_t* written) = 0;

  // Bytes that it holds for this stream beyond what any stream needs.
  virtual size_t held_size() const { return 0; }

 protected:
  std::string_view input_;
  bool last_ = false;
};

}  // namespace fluxgate
