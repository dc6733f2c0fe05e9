// What one write request takes of memory. In a program of its own, because it counts every byte
// that operator new hands out.
#include "bridge/ingest/batch_writer.h"
#include "bridge/ingest/snappy_decoder.h"
#include "bridge/ingest/zstd_decoder.h"

#include "tests/bridge/ingest/codings_reference.h"
#include "tests/bridge/ingest/write_feeder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <malloc.h>
#include <new>

namespace {

size_t in_use = 0;
size_t peak = 0;

}  // namespace

void* operator new(size_t size) {
  void* const memory = std::malloc(size);
  if (memory == nullptr) {
    std::abort();
  }
  in_use += malloc_usable_size(memory);
  peak = std::max(peak, in_use);
  return memory;
}

void operator delete(void* memory) noexcept {
  if (memory != nullptr) {
    in_use -= malloc_usable_size(memory);
  }
  std::free(memory);
}

void operator delete(void* memory, size_t /*size*/) noexcept {
  operator delete(memory);
}

namespace fluxgate {
namespace {

constexpr size_t kLimit = size_t{2} << 20;

// The most that was in use while `body` was posted, beyond what was before.
size_t PeakOf(WriteSide* side, std::string_view body, const Feed& feed, int status) {
  const size_t before = in_use;
  peak = in_use;
  EXPECT_EQ(Post(side, body, feed).status, status);
  return peak - before;
}

// 1,000 series, which are in the cache when the measuring begins.
std::string Body(size_t size) {
  std::string body;
  body.reserve(size + 200);
  for (size_t i = 0; body.size() < size; ++i) {
    body += "cpu,host=host_" + std::to_string(i % 1000) +
            ",region=eu-west-1 usage_user=58i,usage_system=2i,usage_idle=24.5,state=\"up\"\n";
  }
  return body;
}

TEST(WriteRequestMemory, LargeBodiesTakeLessThanTwoMebibytes) {
  IngestOptions options;
  options.body_size_max = size_t{1} << 30;
  WriteSide side(options);
  const std::string body = Body(size_t{64} << 20);
  Post(&side, std::string_view(body).substr(0, 1 << 20));
  EXPECT_LT(PeakOf(&side, body, {}, 204), kLimit);
  EXPECT_LT(PeakOf(&side, body, {.announce = false}, 204), kLimit);
  EXPECT_LT(PeakOf(&side, ReferenceGzip(body, {}, 1), {.coding = ContentCoding::kGzip}, 204),
            kLimit);
}

// The most of the heap in use while `body` was posted, beyond what was before, as the C library
// counts it: zstd does not use operator new.
size_t HeapPeakOf(WriteSide* side, std::string_view body, const ContentCodings& codings) {
  const auto heap_in_use = [] {
    const struct mallinfo2 counts = mallinfo2();
    return counts.uordblks + counts.hblkhd;
  };
  const size_t before = heap_in_use();
  size_t most = before;
  Feed feed;
  feed.coding = codings;
  feed.piece_size = [&](size_t) {
    most = std::max(most, heap_in_use());
    return size_t{16} << 10;
  };
  EXPECT_EQ(Post(side, body, feed).status, 204);
  return most - before;
}

TEST(WriteRequestMemory, EachStreamedCodingTakesLessThanTwoMebibytes) {
  IngestOptions options;
  options.body_size_max = size_t{1} << 30;
  WriteSide side(options);
  const std::string body = Body(size_t{4} << 20);
  Post(&side, std::string_view(body).substr(0, 1 << 20));
  EXPECT_LT(HeapPeakOf(&side, ReferenceZlib(body), ContentCoding::kDeflate), kLimit);
  EXPECT_LT(HeapPeakOf(&side, ReferenceRawDeflate(body), ContentCoding::kDeflate), kLimit);
  EXPECT_LT(HeapPeakOf(&side, ReferenceSnappyFrames(body), ContentCoding::kSnappy), kLimit);
  EXPECT_LT(HeapPeakOf(&side, ReferenceZstdStream(body, 18), ContentCoding::kZstd), kLimit);
  const std::string stacked = ReferenceZstdStream(ReferenceGzip(ReferenceZlib(body)), 18);
  EXPECT_LT(HeapPeakOf(&side, stacked, ParseContentEncoding("deflate, gzip, zstd").value()),
            kLimit);
}

TEST(WriteRequestMemory, ZstdTakesItsWindowAndABlockOfSnappyItself) {
  WriteSide side;
  const std::string body = Body(size_t{7} << 20);
  Post(&side, std::string_view(body).substr(0, 1 << 20));
  EXPECT_LT(HeapPeakOf(&side, ReferenceZstdStream(body, kZstdWindowLogMax), ContentCoding::kZstd),
            kLimit + kZstdWindowSizeMax);
  EXPECT_LT(HeapPeakOf(&side, ReferenceSnappyBlock(body), ContentCoding::kSnappy),
            kLimit + 2 * kSnappyBlockSizeMax);
}

TEST(WriteRequestMemory, LongLinesTakeLessThanTwoMebibytes) {
  WriteSide side;
  const std::string text((1 << 20) - 100, 'x');
  EXPECT_LT(PeakOf(&side, "m value=1,s=\"" + text + "\"\n", {}, 204), kLimit);
  EXPECT_LT(PeakOf(&side, "m value=1,s=" + text + "\n", {}, 400), kLimit);
  EXPECT_LT(PeakOf(&side, "m value=1,s=\"" + text + text + text + "\"\n", {}, 400), kLimit);
}

// A line of 1 MiB whose fields are as many as can be. `key` makes the i-th field's key.
template <typename Key>
std::string WideLine(std::string head, const Key& key) {
  for (size_t i = 0; head.size() < (size_t{1} << 20) - 20; ++i) {
    head += (i == 0 ? "" : ",") + key(i) + "=1";
  }
  return head;
}

TEST(WriteRequestMemory, LinesOfVeryManyFieldsTakeLessThanTwoMebibytes) {
  WriteSide side;
  const std::string same = WideLine("m ", [](size_t) { return std::string("a"); });
  EXPECT_LT(PeakOf(&side, same + "\n", {}, 204), kLimit);
  EXPECT_LT(PeakOf(&side, same + ",\n", {}, 400), kLimit);
  EXPECT_LT(PeakOf(&side, WideLine("m,b=1,b=2 ", [](size_t) { return std::string("a"); }), {}, 400),
            kLimit);
  const std::string names = WideLine("m ", [](size_t i) { return "f" + std::to_string(i); });
  Post(&side, names);  // what the cache itself needs for these series is there when it is measured
  EXPECT_LT(PeakOf(&side, names, {}, 204), kLimit);
  EXPECT_LT(PeakOf(&side, "n text=\"" + names + "\"\n" + same, {}, 204), kLimit);
}

// An atomic body is held; to check it takes no more than to read it.
TEST(WriteRequestMemory, AtomicLineOfVeryManyFieldsTakesLittleMoreThanItself) {
  WriteSide side;
  const std::string same = WideLine("m ", [](size_t) { return std::string("a"); });
  EXPECT_LT(PeakOf(&side, same, {.protocol = WriteProtocol::kHttpV3, .accept_partial = false}, 204),
            2 * kLimit);
}

// Each slice ends where it hurts most: the longest line allowed is unfinished when there is no
// room.
TEST(WriteRequestMemory, UnfinishedLongestLineTakesLessThanTwoMebibytes) {
  constexpr size_t kLineMax = size_t{1} << 20;
  constexpr size_t kSlice = size_t{64} << 10;
  const auto line_of = [](size_t size) { return "m s=\"" + std::string(size - 6, 'x') + "\""; };
  for (const size_t off : {size_t{0}, size_t{1}, size_t{2}}) {
    WriteSide side;
    std::string body = line_of(100 << 10) + "\n";
    body += line_of(kLineMax + kSlice - body.size() - 1) + "\n";
    body += line_of(kSlice - off - 1) + "\n" + line_of(kLineMax) + "\r\n" + "m v=1\n";
    EXPECT_LT(PeakOf(&side, body, {}, 204), kLimit) << off;
  }
}

TEST(WriteRequestMemory, FloodOfBadLinesTakesLessThanTwoMebibytes) {
  WriteSide side;
  std::string body;
  for (int i = 0; i < 400'000; ++i) {
    body += i % 2 == 0 ? "bad\n" : "a,b=1,b=2 value=1\n";
  }
  EXPECT_LT(PeakOf(&side, body, {}, 400), kLimit);
}

TEST(WriteRequestMemory, LongTokensOfBadLinesAreNotKept) {
  WriteSide side;
  const std::string line = "m v=" + std::string((1 << 20) - 100, '9') + "i";
  const WriteParams params;
  BatchWriter writer(&side.ingest, params, "p", side.clock.Read());
  influx::LineError error;
  error.code = influx::LineErrorCode::kIntegerOutOfRange;
  error.text = line;
  error.token = std::string_view(line).substr(4);
  const size_t before = in_use;
  peak = in_use;
  for (int i = 0; i < 64; ++i) {
    writer.AddBadLine(error);
  }
  writer.Flush();
  EXPECT_LT(peak - before, kLimit);
  EXPECT_THAT(writer.result().bad_lines.Text(false),
              testing::StartsWith(line.substr(0, 4).insert(0, "unable to parse '")));
  const Feed atomic{.protocol = WriteProtocol::kHttpV3, .accept_partial = false};
  EXPECT_LT(PeakOf(&side, line, atomic, 400), 2 * kLimit);
}

TEST(WriteRequestMemory, SmallBodyTakesLittle) {
  WriteSide side;
  const std::string_view body = "cpu,host=a value=1\n";
  Post(&side, body);
  EXPECT_LT(PeakOf(&side, body, {}, 204), size_t{16} << 10);
}

}  // namespace
}  // namespace fluxgate
