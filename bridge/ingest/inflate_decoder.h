// Decoders for gzip and deflate.
//
// gzip: several members; zero padding behind the last is passed over. deflate: wrapped by zlib, or
// raw, told apart by the first byte.
// Bounds: about 90 KiB each.
// Thread: compatible.
// Spec: RFC 1952, RFC 1950, RFC 1951.
#pragma once

#include "bridge/ingest/stream_decoder.h"

#include <memory>

namespace fluxgate {

std::unique_ptr<StreamDecoder> MakeGzipDecoder();
std::unique_ptr<StreamDecoder> MakeDeflateDecoder();

}  // namespace fluxgate
