// Undoes the content coding of a request body, piece by piece. Does no I/O.
//
// Lifetime: views the input given last until it is used up.
// Errors: a broken or truncated stream is kCorrupt, output over the limit kTooLarge; both are
// final.
// Bounds: at most `out.size()` bytes a call; the decoder itself holds about 90 KiB for gzip,
// nothing for identity.
// Thread: compatible.
// Spec: RFC 1952 (several members; zero padding behind the last is passed over); RFC 9110 8.4.1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace fluxgate {

enum class ContentCoding : uint8_t { kIdentity, kGzip };

// Reads a Content-Encoding header, in any case; empty and `identity` are kIdentity, `gzip` and
// `x-gzip` kGzip.
std::optional<ContentCoding> ParseContentEncoding(std::string_view header);

class BodyDecoder {
 public:
  enum class Result : uint8_t {
    kOutput,     // `*written` bytes were written; there may be more: call again
    kNeedInput,  // the input is used up
    kEnd,        // the body is complete: the input was the last and is used up
    kCorrupt,
    kTooLarge,
  };

  BodyDecoder(ContentCoding coding, uint64_t output_size_max);
  ~BodyDecoder();
  BodyDecoder(const BodyDecoder&) = delete;
  BodyDecoder& operator=(const BodyDecoder&) = delete;

  // The previous input must be used up (kNeedInput). `last`: nothing follows.
  void SetInput(std::string_view bytes, bool last);

  Result Decode(std::span<char> out, size_t* written);

  uint64_t output_size() const { return output_size_; }

 private:
  struct Inflate;
  Result DecodeIdentity(std::span<char> out, size_t* written);
  Result DecodeGzip(std::span<char> out, size_t* written);

  const ContentCoding coding_;
  const uint64_t output_size_max_;
  uint64_t output_size_ = 0;
  std::string_view input_;
  bool last_ = false;
  std::unique_ptr<Inflate> inflate_;
};

}  // namespace fluxgate
