#include "tests/bridge/ingest/gzip_reference.h"

#include "bridge/base/check.h"

#include <algorithm>
#include <array>
#include <vector>
#include <zlib.h>

namespace fluxgate {
namespace {

constexpr int kGzipWindowBits = 15 + 16;

// zlib's pointers are not const.
Bytef* Bytes(std::string_view text) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
}

// Inflates the member that `stream` begins with and takes it off.
bool TakeMember(std::string_view* stream, std::string* text) {
  z_stream zlib{};
  CHECK(inflateInit2(&zlib, kGzipWindowBits) == Z_OK);
  zlib.next_in = Bytes(*stream);
  zlib.avail_in = static_cast<uInt>(stream->size());
  std::array<char, 4096> piece;
  int status = Z_OK;
  while (status == Z_OK) {
    zlib.next_out = Bytes({piece.data(), piece.size()});
    zlib.avail_out = piece.size();
    status = inflate(&zlib, Z_NO_FLUSH);
    text->append(piece.data(), piece.size() - zlib.avail_out);
  }
  stream->remove_prefix(stream->size() - zlib.avail_in);
  inflateEnd(&zlib);
  return status == Z_STREAM_END;
}

}  // namespace

std::string ReferenceGzip(std::string_view text, const GzipHeaderParts& header, int level) {
  z_stream zlib{};
  CHECK(deflateInit2(&zlib, level, Z_DEFLATED, kGzipWindowBits, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  gz_header parts{};
  parts.os = 255;
  parts.extra = header.extra.empty() ? nullptr : Bytes(header.extra);
  parts.extra_len = static_cast<uInt>(header.extra.size());
  parts.name = header.name.empty() ? nullptr : Bytes(header.name);
  parts.comment = header.comment.empty() ? nullptr : Bytes(header.comment);
  parts.hcrc = header.has_checksum ? 1 : 0;
  CHECK(deflateSetHeader(&zlib, &parts) == Z_OK);
  std::string stream(deflateBound(&zlib, static_cast<uLong>(text.size())) + 1024, '\0');
  zlib.next_in = Bytes(text);
  zlib.avail_in = static_cast<uInt>(text.size());
  zlib.next_out = Bytes(stream);
  zlib.avail_out = static_cast<uInt>(stream.size());
  CHECK(deflate(&zlib, Z_FINISH) == Z_STREAM_END);
  stream.resize(stream.size() - zlib.avail_out);
  deflateEnd(&zlib);
  return stream;
}

std::optional<std::string> ReferenceGunzip(std::string_view stream) {
  std::string text;
  do {
    if (!TakeMember(&stream, &text)) {
      return std::nullopt;
    }
    stream.remove_prefix(std::min(stream.find_first_not_of('\0'), stream.size()));
  } while (!stream.empty());
  return text;
}

}  // namespace fluxgate
