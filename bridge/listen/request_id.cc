#include "bridge/listen/request_id.h"

#include <algorithm>

namespace fluxgate {
namespace {

constexpr size_t kEchoSizeMax = 128;
constexpr uint64_t kEpochOffset = 0x01B21DD213814000;  // 1582-10-15 to 1970-01-01 in 100 ns
constexpr uint64_t kMulticastBit = uint64_t{1} << 40;  // says that the node is no hardware address

bool MayEcho(std::string_view id) {
  return !id.empty() && id.size() <= kEchoSizeMax &&
         std::ranges::all_of(id, [](char byte) { return byte > 0x20 && byte < 0x7f; });
}

// The lowest `digits` hexadecimal digits of `value`.
void AppendHex(uint64_t value, int digits, std::string* out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
    out->push_back(kDigits[(value >> shift) & 0xF]);
  }
}

}  // namespace

void RequestIds::Append(const RequestHead& head, int64_t now_ns, std::string* out) {
  if (MayEcho(head.x_request_id)) {
    out->append(head.x_request_id);
  } else if (MayEcho(head.request_id)) {
    out->append(head.request_id);
  } else {
    AppendNew(now_ns, out);
  }
}

void RequestIds::AppendNew(int64_t now_ns, std::string* out) {
  const uint64_t time = kEpochOffset + static_cast<uint64_t>(std::max<int64_t>(now_ns, 0)) / 100;
  last_time_ = std::max(time, last_time_ + 1);
  AppendHex(last_time_, 8, out);
  out->push_back('-');
  AppendHex(last_time_ >> 32, 4, out);
  out->append("-1");
  AppendHex(last_time_ >> 48, 3, out);
  out->push_back('-');
  AppendHex(0x8000 | ((seed_ >> 48) & 0x3FFF), 4, out);
  out->push_back('-');
  AppendHex(seed_ | kMulticastBit, 12, out);
}

}  // namespace fluxgate
