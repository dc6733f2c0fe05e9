#include "protocol/prometheus/utf8.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace fluxgate::prom {
namespace {

// RFC 3629 section 4: only the second byte has a range that depends on the first.
struct LeadRange {
  uint8_t first;
  uint8_t last;
  uint8_t size;
  uint8_t second_min;
  uint8_t second_max;
};
constexpr LeadRange kLeadRanges[] = {
    {0xC2, 0xDF, 2, 0x80, 0xBF}, {0xE0, 0xE0, 3, 0xA0, 0xBF}, {0xE1, 0xEC, 3, 0x80, 0xBF},
    {0xED, 0xED, 3, 0x80, 0x9F}, {0xEE, 0xEF, 3, 0x80, 0xBF}, {0xF0, 0xF0, 4, 0x90, 0xBF},
    {0xF1, 0xF3, 4, 0x80, 0xBF}, {0xF4, 0xF4, 4, 0x80, 0x8F},
};

// What Windows-1252 has at 0x80 to 0x9F, where it differs from Latin-1.
constexpr std::array<uint16_t, 32> kWindows1252 = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

uint8_t ByteAt(std::string_view bytes, size_t at) {
  return static_cast<uint8_t>(bytes[at]);
}

bool HasContinuation(std::string_view bytes, const LeadRange& lead) {
  if (bytes.size() < lead.size || ByteAt(bytes, 1) < lead.second_min ||
      ByteAt(bytes, 1) > lead.second_max) {
    return false;
  }
  for (size_t i = 2; i < lead.size; ++i) {
    if ((ByteAt(bytes, i) & 0xC0) != 0x80) {
      return false;
    }
  }
  return true;
}

// Size of the longest valid prefix. Label values are mostly ASCII, so that goes by eight bytes.
size_t ValidPrefixSize(std::string_view bytes) {
  size_t at = 0;
  while (at < bytes.size()) {
    uint64_t word = 0;
    if (bytes.size() - at >= sizeof(word)) {
      std::memcpy(&word, bytes.data() + at, sizeof(word));
      if ((word & 0x8080808080808080) == 0) {
        at += sizeof(word);
        continue;
      }
    }
    const size_t size = Utf8SequenceSize(bytes.substr(at));
    if (size == 0) {
      return at;
    }
    at += size;
  }
  return at;
}

void AppendWindows1252(uint8_t byte, std::string* out) {
  const uint32_t code = byte < 0xA0 ? kWindows1252[byte - 0x80U] : byte;
  if (code < 0x800) {
    out->push_back(static_cast<char>(0xC0 | (code >> 6)));
  } else {
    out->push_back(static_cast<char>(0xE0 | (code >> 12)));
    out->push_back(static_cast<char>(0x80 | ((code >> 6) & 0x3F)));
  }
  out->push_back(static_cast<char>(0x80 | (code & 0x3F)));
}

}  // namespace

size_t Utf8SequenceSize(std::string_view bytes) {
  if (bytes.empty()) {
    return 0;
  }
  const uint8_t first = ByteAt(bytes, 0);
  if (first < 0x80) {
    return 1;
  }
  for (const LeadRange& lead : kLeadRanges) {
    if (first >= lead.first && first <= lead.last) {
      return HasContinuation(bytes, lead) ? lead.size : 0;
    }
  }
  return 0;
}

bool IsUtf8(std::string_view bytes) {
  return ValidPrefixSize(bytes) == bytes.size();
}

size_t AppendAsUtf8(std::string_view bytes, std::string* out) {
  size_t repaired = 0;
  while (!bytes.empty()) {
    const size_t valid = ValidPrefixSize(bytes);
    out->append(bytes.substr(0, valid));
    bytes.remove_prefix(valid);
    if (!bytes.empty()) {
      AppendWindows1252(ByteAt(bytes, 0), out);
      bytes.remove_prefix(1);
      ++repaired;
    }
  }
  return repaired;
}

}  // namespace fluxgate::prom
