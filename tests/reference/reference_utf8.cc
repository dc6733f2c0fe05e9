#include "tests/reference/reference_utf8.h"

namespace fluxgate::reference {
namespace {

// Number of one bits before the first zero bit.
int LeadingOnes(unsigned char byte) {
  int ones = 0;
  while (ones < 8 && (byte & (0x80 >> ones)) != 0) {
    ++ones;
  }
  return ones;
}

int ShortestSize(uint32_t code) {
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

bool IsScalarValue(uint32_t code) {
  return code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
}

}  // namespace

std::optional<uint32_t> TakeCodePoint(std::string_view* rest) {
  if (rest->empty()) {
    return std::nullopt;
  }
  const int ones = LeadingOnes(static_cast<unsigned char>(rest->front()));
  const int size = ones == 0 ? 1 : ones;
  if (ones == 1 || ones > 4 || rest->size() < static_cast<size_t>(size)) {
    return std::nullopt;
  }
  uint32_t code = static_cast<unsigned char>(rest->front()) & (0xFFU >> (ones + (ones == 0)));
  for (int i = 1; i < size; ++i) {
    const auto byte = static_cast<unsigned char>((*rest)[static_cast<size_t>(i)]);
    if (LeadingOnes(byte) != 1) {
      return std::nullopt;
    }
    code = code * 64 + byte % 64;
  }
  if (!IsScalarValue(code) || ShortestSize(code) != size) {
    return std::nullopt;
  }
  rest->remove_prefix(static_cast<size_t>(size));
  return code;
}

bool IsWellFormed(std::string_view bytes) {
  while (TakeCodePoint(&bytes).has_value()) {
  }
  return bytes.empty();
}

void AppendCodePoint(uint32_t code, std::string* out) {
  const int size = ShortestSize(code);
  if (size == 1) {
    out->push_back(static_cast<char>(code));
    return;
  }
  const uint32_t marker = 0xFF00U >> size;  // `size` one bits at the top of the low byte
  out->push_back(static_cast<char>((marker & 0xFF) | (code >> (6 * (size - 1)))));
  for (int i = size - 2; i >= 0; --i) {
    out->push_back(static_cast<char>(0x80 | ((code >> (6 * i)) & 0x3F)));
  }
}

}  // namespace fluxgate::reference
