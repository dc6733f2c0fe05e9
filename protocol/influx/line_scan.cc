#include "protocol/influx/line_scan.h"

#include "protocol/influx/byte_class.h"

namespace fluxgate::influx {
namespace {

constexpr ByteClass kSpecial("\\\n ,=\"");

}  // namespace

size_t LineScan::FindEnd(std::string_view bytes, size_t from, bool last) {
  for (size_t i = FindMember(bytes, from, kSpecial); i < bytes.size();
       i = FindMember(bytes, i + 1, kSpecial)) {
    const char byte = bytes[i];
    if (byte == '\\') {
      if (i + 2 < bytes.size()) {
        ++i;
      } else if (!last) {
        // Whether this backslash hides the next byte depends on bytes that are not here yet.
        scanned_ = i;
        return kNotFound;
      }
      continue;
    }
    if (byte == '\n' && !in_quotes_) {
      scanned_ = i;
      return i;
    }
    in_fields_ = in_fields_ || byte == ' ';
    if (!in_fields_) {
      continue;
    }
    if (byte == '"') {
      in_quotes_ = in_quotes_ != (equals_ > commas_);
    } else if (!in_quotes_) {
      equals_ += byte == '=' ? 1 : 0;
      commas_ += byte == ',' ? 1 : 0;
    }
  }
  scanned_ = bytes.size();
  return kNotFound;
}

}  // namespace fluxgate::influx
