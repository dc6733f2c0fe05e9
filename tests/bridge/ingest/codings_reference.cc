#include "tests/bridge/ingest/codings_reference.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <snappy.h>
#include <zlib.h>
#include <zstd.h>

namespace fluxgate {
namespace {

constexpr size_t kSnappyChunkSize = 65536;

std::string Deflate(std::string_view text, int window_bits) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string LittleEndian(uint64_t value, int size) {
  std::string bytes;
  for (int i = 0; i < size; ++i) {
    bytes.push_back(static_cast<char>(value >> (8 * i)));
  }
  return bytes;
}

// Bit by bit, so that it has nothing in common with what it checks.
uint32_t Crc32c(std::string_view text) {
  uint32_t sum = ~0U;
  for (const char byte : text) {
    sum ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) {
      sum = (sum >> 1) ^ ((sum & 1) != 0 ? 0x82f63b78U : 0);
    }
  }
  return ~sum;
}

}  // namespace

std::string ReferenceZlib(std::string_view text) {
  return Deflate(text, 15);
}

std::string ReferenceRawDeflate(std::string_view text) {
  return Deflate(text, -15);
}

std::string ReferenceZstd(std::string_view text) {
  const std::unique_ptr<ZSTD_CCtx, size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(),
                                                                   &ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress2(context.get(), out.data(), out.size(), text.data(), text.size()));
  return out;
}

std::string ReferenceZstdStream(std::string_view text, int window_log) {
  const std::unique_ptr<ZSTD_CCtx, size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(),
                                                                   &ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_windowLog, window_log);
  std::string out(ZSTD_compressBound(text.size()) + 100, '\0');
  ZSTD_outBuffer target = {out.data(), out.size(), 0};
  ZSTD_inBuffer source = {text.data(), text.size(), 0};
  // Two calls: with one, the size would be known.
  ZSTD_compressStream2(context.get(), &target, &source, ZSTD_e_flush);
  ZSTD_compressStream2(context.get(), &target, &source, ZSTD_e_end);
  out.resize(target.pos);
  return out;
}

std::string ReferenceZstdSkippable(std::string_view text) {
  return LittleEndian(0x184d2a53, 4) + LittleEndian(text.size(), 4) + std::string(text);
}

std::string ReferenceSnappyBlock(std::string_view text) {
  std::string out;
  snappy::Compress(text.data(), text.size(), &out);
  return out;
}

std::string ReferenceSnappyFrames(std::string_view text) {
  std::string out("\xff\x06\0\0sNaPpY", 10);
  for (size_t i = 0; !text.empty(); ++i) {
    const std::string_view data = text.substr(0, kSnappyChunkSize);
    const bool plain = i % 2 == 1;  // every other chunk as it is
    const std::string body = plain ? std::string(data) : ReferenceSnappyBlock(data);
    const uint32_t sum = Crc32c(data);
    out += LittleEndian(plain ? 1 : 0, 1) + LittleEndian(body.size() + 4, 3) +
           LittleEndian(((sum >> 15) | (sum << 17)) + 0xa282ead8U, 4) + body;
    text.remove_prefix(data.size());
  }
  return out;
}

}  // namespace fluxgate
