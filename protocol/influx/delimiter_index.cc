#include "protocol/influx/delimiter_index.h"

#include <algorithm>
#include <array>

// Compiles what stands inside HWY_NAMESPACE once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "protocol/influx/delimiter_index.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace fluxgate::influx::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Marks `count` words' worth of bytes, which must be readable.
#if HWY_TARGET == HWY_SCALAR
void Mark(const char* bytes, size_t count, uint64_t* breaks, uint64_t* delimiters) {
  for (size_t i = 0; i < count * 64; ++i) {
    const char byte = bytes[i];
    const bool is_break = byte == ' ' || byte == '"' || byte == '\\' || byte == '\n';
    const bool is_delimiter = is_break || byte == ',' || byte == '=';
    const size_t bit = i % 64;
    breaks[i / 64] = (bit == 0 ? 0 : breaks[i / 64]) | uint64_t{is_break} << bit;
    delimiters[i / 64] = (bit == 0 ? 0 : delimiters[i / 64]) | uint64_t{is_delimiter} << bit;
  }
}
#else
void Mark(const char* bytes, size_t count, uint64_t* breaks, uint64_t* delimiters) {
  constexpr size_t kBlock = 64;
  const hn::CappedTag<uint8_t, kBlock> d;
  const auto is = [&](auto block, char byte)
                      HWY_ATTR { return hn::Eq(block, hn::Set(d, static_cast<uint8_t>(byte))); };
  const auto* in = reinterpret_cast<const uint8_t*>(bytes);
  auto* breaks_out = reinterpret_cast<uint8_t*>(breaks);
  auto* delimiters_out = reinterpret_cast<uint8_t*>(delimiters);
  for (size_t i = 0; i < count * kBlock; i += hn::Lanes(d)) {
    const auto block = hn::LoadU(d, in + i);
    const auto is_break =
        hn::Or(hn::Or(is(block, ' '), is(block, '"')), hn::Or(is(block, '\\'), is(block, '\n')));
    const auto is_delimiter = hn::Or(is_break, hn::Or(is(block, ','), is(block, '=')));
    hn::StoreMaskBits(d, is_break, breaks_out + i / 8);
    hn::StoreMaskBits(d, is_delimiter, delimiters_out + i / 8);
  }
}
#endif

}  // namespace fluxgate::influx::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace fluxgate::influx {

HWY_EXPORT(Mark);

void DelimiterIndex::Build(std::string_view bytes) {
  static_assert(std::endian::native == std::endian::little, "bit i of a word is byte i");
  const size_t full_words = bytes.size() / kWordBits;
  const size_t rest = bytes.size() % kWordBits;
  breaks_.resize(full_words + 1);
  delimiters_.resize(full_words + 1);
  const auto mark = HWY_DYNAMIC_DISPATCH(Mark);
  mark(bytes.data(), full_words, breaks_.data(), delimiters_.data());
  std::array<char, kWordBits> tail{};
  std::copy_n(bytes.end() - static_cast<ptrdiff_t>(rest), rest, tail.begin());
  tail[rest] = '\n';
  mark(tail.data(), 1, &breaks_[full_words], &delimiters_[full_words]);
}

}  // namespace fluxgate::influx

#endif  // HWY_ONCE
