// Encoders for tests, by the libraries that clients use too.
//
// Thread: compatible (pure functions).
#pragma once

#include "tests/bridge/ingest/gzip_reference.h"

#include <string>
#include <string_view>

namespace fluxgate {

std::string ReferenceZlib(std::string_view text);        // RFC 1950
std::string ReferenceRawDeflate(std::string_view text);  // RFC 1951

// One frame with its size and a checksum.
std::string ReferenceZstd(std::string_view text);
// One frame as of a sender that does not know the size, and therefore names a window.
std::string ReferenceZstdStream(std::string_view text, int window_log);
std::string ReferenceZstdSkippable(std::string_view text);

std::string ReferenceSnappyBlock(std::string_view text);
std::string ReferenceSnappyFrames(std::string_view text);

}  // namespace fluxgate
