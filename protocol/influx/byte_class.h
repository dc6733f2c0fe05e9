// Sets of bytes, for the delimiter scans of the line protocol.
//
// Thread: immutable.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace fluxgate::influx {

class ByteClass {
 public:
  constexpr explicit ByteClass(std::string_view members) {
    for (const char byte : members) {
      is_member_[static_cast<unsigned char>(byte)] = true;
    }
  }

  constexpr bool Has(char byte) const { return is_member_[static_cast<unsigned char>(byte)]; }

 private:
  std::array<bool, 256> is_member_{};
};

// What InfluxDB 1.x passes over before a key, a field set and a time: space, tab and NUL.
inline constexpr ByteClass kBlanks(std::string_view(" \t\0", 3));

// Offset of the first byte of `text` from `from` on that is no blank, or text.size().
constexpr size_t SkipBlanks(std::string_view text, size_t from) {
  while (from < text.size() && kBlanks.Has(text[from])) {
    ++from;
  }
  return from;
}

// Offset of the first byte of `text` from `from` on that is a member, or text.size().
constexpr size_t FindMember(std::string_view text, size_t from, const ByteClass& members) {
  while (from < text.size() && !members.Has(text[from])) {
    ++from;
  }
  return from;
}

}  // namespace fluxgate::influx
