// Splits a multipart body into its parts.
//
// Input: any bytes, given in one piece or in several (SetInput). However they are cut, the parts
// and their bytes are the same; only the pieces in which the bytes come differ.
// Lifetime: bytes() views the input; valid until the next Next() or SetInput().
// Errors: kError is final: a body that ends before its last boundary, or a part's header that is
// too large. What was given out before stays good, but the last part is not whole.
// Bounds: one pass; the caller keeps what is not consumed(), at most kPartHeadSizeMax + 4 bytes
// while a header is incomplete, and about the size of the boundary else.
// Thread: compatible.
// Spec: RFC 2046 5.1.1. Preamble and epilogue are passed over; a boundary is one only when its line
// holds nothing else but blanks.
#pragma once

#include "protocol/http/multipart_head.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fluxgate::http {

inline constexpr size_t kPartHeadSizeMax = size_t{16} << 10;

class MultipartReader {
 public:
  enum class Result : uint8_t {
    kPartBegin,  // part() tells which
    kBytes,      // bytes() are the next of the part
    kPartEnd,
    kError,     // error() tells why
    kNeedMore,  // the rest of the input is no whole unit: see consumed()
    kEnd,       // the last boundary was read, and all of the input behind it
  };

  explicit MultipartReader(std::string_view boundary);

  // Gives the next input. `last`: nothing follows. After kNeedMore, `bytes` must begin with the
  // bytes of the previous input from consumed() on.
  void SetInput(std::string_view bytes, bool last);

  Result Next();

  const PartHead& part() const { return part_; }
  std::string_view bytes() const { return bytes_; }
  std::string_view error() const { return error_; }
  size_t consumed() const { return position_; }

 private:
  enum class State : uint8_t { kPreamble, kHead, kBody, kEpilogue, kFailed };
  enum class Line : uint8_t { kNone, kPart, kEnd, kIncomplete };
  struct Delimiter {
    Line line = Line::kNone;
    size_t begin = 0;
    size_t end = 0;
  };

  std::string_view Rest() const { return input_.substr(position_); }
  Delimiter FindDelimiter() const;
  Delimiter ReadDelimiter(size_t begin, size_t mark_end) const;
  Result ReadPreamble();
  Result ReadHead();
  Result ReadBody();
  Result PassDelimiter(const Delimiter& delimiter, Result result);
  Result Fail(std::string_view error);

  const std::string mark_;  // CR LF -- boundary
  State state_ = State::kPreamble;
  bool at_start_ = true;  // of the whole body: a boundary there has no CR LF in front
  std::string_view input_;
  bool last_ = false;
  size_t position_ = 0;
  PartHead part_;
  std::string_view bytes_;
  std::string_view error_;
};

}  // namespace fluxgate::http
