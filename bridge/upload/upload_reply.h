// The reply to an upload.
//
// Encodings: JSON as reply.h writes it, members in a fixed order.
// Bounds: kPartsMax parts are told one by one, further ones in sum; so are bad lines once the
// messages told have kErrorTextSizeMax bytes.
// Thread: compatible.
#pragma once

#include "bridge/ingest/reply.h"
#include "bridge/upload/part_writer.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fluxgate {

class UploadReply {
 public:
  static constexpr size_t kPartsMax = 100;
  static constexpr size_t kErrorTextSizeMax = size_t{64} << 10;

  void Add(const PartOutcome& part);

  // 200 when everything was taken, else 400. An `error` that ended the upload is told, with its
  // status.
  Reply Finish(int error_status = 0, std::string_view error = {}) const;

 private:
  std::string parts_;
  size_t part_count_ = 0;
  size_t error_text_size_ = 0;
  uint64_t points_ = 0;
  uint64_t bad_line_count_ = 0;
  bool has_errors_ = false;
};

}  // namespace fluxgate
