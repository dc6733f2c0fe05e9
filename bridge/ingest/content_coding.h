// The content codings that a request body may have.
//
// Thread: compatible.
// Spec: RFC 9110 8.4; gzip RFC 1952, deflate RFC 1950 and (as many clients send it) RFC 1951, zstd
// RFC 8878, snappy in its framing and its block format.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fluxgate {

enum class ContentCoding : uint8_t { kIdentity, kGzip, kDeflate, kZstd, kSnappy };

// The codings of one body, in the order in which they were applied.
class ContentCodings {
 public:
  ContentCodings() = default;
  ContentCodings(ContentCoding coding) { Add(coding); }  // NOLINT: one coding is a list of one

  // Adds one that was applied after the others; identity adds nothing. False when it is there
  // already: what one body may take of memory would have no bound.
  bool Add(ContentCoding coding);

  bool is_identity() const { return size_ == 0; }
  std::span<const ContentCoding> applied() const { return std::span(codings_).first(size_); }

  // For people, such as `gzip, zstd`.
  std::string Text() const;

  bool operator==(const ContentCodings&) const = default;

 private:
  std::array<ContentCoding, 4> codings_{};
  size_t size_ = 0;
};

// Reads a Content-Encoding header: names in any case with commas between them. nullopt: one is not
// known, or is there twice.
std::optional<ContentCodings> ParseContentEncoding(std::string_view header);

}  // namespace fluxgate
