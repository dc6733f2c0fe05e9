// A decoder for snappy in both of its forms: framed, told by its first chunk, and one block.
//
// A block can only be decoded as a whole, so it is held as a whole.
// Errors: a block over kSnappyBlockSizeMax, as sent or decoded, is kTooLarge.
// Bounds: framed, 140 KiB; a block, twice kSnappyBlockSizeMax.
// Thread: compatible.
// Spec: snappy format_description.txt and framing_format.txt.
#pragma once

#include "bridge/ingest/stream_decoder.h"

#include <cstddef>
#include <memory>

namespace fluxgate {

inline constexpr size_t kSnappyBlockSizeMax = size_t{8} << 20;

std::unique_ptr<StreamDecoder> MakeSnappyDecoder();

}  // namespace fluxgate
