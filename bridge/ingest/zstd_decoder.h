// A decoder for zstd: frames one after another, skippable ones too.
//
// Errors: a frame whose window is over kZstdWindowSizeMax is kTooLarge.
// Bounds: about 300 KiB, and the window that the frame asks for: for a body that was compressed as
// a whole, not more than the body.
// Thread: compatible.
// Spec: RFC 8878; RFC 9659, which has senders keep to windows of 8 MiB.
#pragma once

#include "bridge/ingest/stream_decoder.h"

#include <cstddef>
#include <memory>

namespace fluxgate {

inline constexpr int kZstdWindowLogMax = 23;
inline constexpr size_t kZstdWindowSizeMax = size_t{1} << kZstdWindowLogMax;

std::unique_ptr<StreamDecoder> MakeZstdDecoder();

}  // namespace fluxgate
