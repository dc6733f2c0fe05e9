// What holds for every coding, and for several in one another; gzip's own cases are in
// body_decoder_test.cc.
#include "bridge/ingest/body_decoder.h"
#include "bridge/ingest/snappy_decoder.h"
#include "bridge/ingest/zstd_decoder.h"

#include "tests/bridge/ingest/codings_reference.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace fluxgate {
namespace {

using Result = BodyDecoder::Result;

constexpr uint64_t kNoLimit = uint64_t{1} << 40;

struct Decoded {
  Result result = Result::kNeedInput;
  std::string text;

  bool operator==(const Decoded&) const = default;
};

void PrintTo(const Decoded& decoded, std::ostream* out) {
  *out << "result " << static_cast<int>(decoded.result) << ", " << decoded.text.size()
       << " bytes: " << testing::PrintToString(decoded.text.substr(0, 100));
}

Decoded Decode(const ContentCodings& codings, std::string_view stream, size_t piece_size,
               size_t out_size = 1000, uint64_t limit = kNoLimit,
               uint64_t between_limit = kNoLimit) {
  BodyDecoder decoder(codings, limit, between_limit);
  Decoded decoded;
  std::string out(out_size, '\0');
  while (decoded.result == Result::kNeedInput) {
    // A copy of its own, so that a read past its end is found.
    const std::string piece(stream.substr(0, piece_size));
    stream.remove_prefix(piece.size());
    decoder.SetInput(piece, stream.empty());
    do {
      size_t written = 0;
      decoded.result = decoder.Decode(out, &written);
      EXPECT_EQ(written > 0, decoded.result == Result::kOutput);
      decoded.text.append(out, 0, written);
    } while (decoded.result == Result::kOutput);
  }
  return decoded;
}

std::string Lines(size_t size) {
  std::mt19937 random(5);
  std::string lines;
  while (lines.size() < size) {
    lines += "cpu,host=h" + std::to_string(random() % 97) +
             " value=" + std::to_string(random() % 10'000) + "\n";
  }
  return lines;
}

struct Case {
  std::string name;
  ContentCodings codings;
  std::string (*encode)(std::string_view text);
  bool has_checksum;
};

ContentCodings Codings(std::string_view header) {
  return ParseContentEncoding(header).value();
}

std::vector<Case> Cases() {
  return {
      {"gzip", Codings("gzip"), [](std::string_view text) { return ReferenceGzip(text); }, true},
      {"zlib", Codings("deflate"), &ReferenceZlib, true},
      {"raw deflate", Codings("deflate"), &ReferenceRawDeflate, false},
      {"zstd", Codings("zstd"), &ReferenceZstd, true},
      {"snappy frames", Codings("snappy"), &ReferenceSnappyFrames, true},
      {"snappy block", Codings("snappy"), &ReferenceSnappyBlock, false},
      {"gzip in zstd", Codings("gzip, zstd"),
       [](std::string_view text) { return ReferenceZstd(ReferenceGzip(text)); }, true},
      {"all", Codings("snappy, deflate, zstd, gzip"),
       [](std::string_view text) {
         return ReferenceGzip(ReferenceZstd(ReferenceZlib(ReferenceSnappyFrames(text))));
       },
       true},
  };
}

TEST(StreamDecoders, GiveBackWhatWasEncoded) {
  for (const Case& each : Cases()) {
    SCOPED_TRACE(each.name);
    for (const std::string& text :
         {std::string(), std::string("a"), Lines(100), Lines(300'000), std::string(400'000, 'x')}) {
      const std::string stream = each.encode(text);
      for (const size_t piece_size : {size_t{1}, size_t{100}, size_t{1} << 20}) {
        if (piece_size > 1 || text.size() < 1000) {
          EXPECT_EQ(Decode(each.codings, stream, piece_size), (Decoded{Result::kEnd, text}));
        }
      }
      if (text.size() < 1000) {
        EXPECT_EQ(Decode(each.codings, stream, 7, 1), (Decoded{Result::kEnd, text}));
      }
    }
  }
}

TEST(StreamDecoders, EveryTruncationIsCorrupt) {
  const std::string text = Lines(2000);
  for (const Case& each : Cases()) {
    SCOPED_TRACE(each.name);
    const std::string stream = each.encode(text);
    // A stream of snappy frames may end behind each.
    const size_t whole_frame = each.name == "snappy frames" ? 10 : 0;
    for (size_t size = 0; size < stream.size(); ++size) {
      const Decoded decoded = Decode(each.codings, stream.substr(0, size), 64);
      const bool may_end = whole_frame > 0 && size == whole_frame;
      ASSERT_EQ(decoded.result, may_end ? Result::kEnd : Result::kCorrupt) << size;
      ASSERT_TRUE(text.starts_with(decoded.text)) << size;
    }
  }
}

TEST(StreamDecoders, NoCorruptionGoesUnseenWhereThereIsAChecksum) {
  const std::string text = Lines(600);
  for (const Case& each : Cases()) {
    SCOPED_TRACE(each.name);
    const std::string stream = each.encode(text);
    for (size_t i = 0; i < stream.size() * 8; ++i) {
      std::string broken = stream;
      broken[i / 8] = static_cast<char>(broken[i / 8] ^ (1 << (i % 8)));
      const Decoded decoded = Decode(each.codings, broken, 64, 1000, 100'000);
      ASSERT_NE(decoded.result, Result::kNeedInput);
      // A header has bits that mean nothing for the text, but none that may change it.
      if (each.has_checksum && decoded.result == Result::kEnd && !decoded.text.empty()) {
        ASSERT_EQ(decoded.text, text) << "bit " << i;
      }
    }
  }
}

TEST(StreamDecoders, LimitIsExact) {
  const std::string text = Lines(5000);
  for (const Case& each : Cases()) {
    SCOPED_TRACE(each.name);
    const std::string stream = each.encode(text);
    EXPECT_EQ(Decode(each.codings, stream, 100, 1000, text.size()), (Decoded{Result::kEnd, text}));
    EXPECT_EQ(Decode(each.codings, stream, 100, 1000, text.size() - 1),
              (Decoded{Result::kTooLarge, text.substr(0, text.size() - 1)}));
  }
}

TEST(StreamDecoders, FinalResultsStay) {
  for (const Case& each : Cases()) {
    SCOPED_TRACE(each.name);
    BodyDecoder decoder(each.codings, kNoLimit);
    decoder.SetInput("\x80no stream of any kind", true);
    char out[100];
    size_t written = 0;
    EXPECT_EQ(decoder.Decode(out, &written), Result::kCorrupt);
    EXPECT_EQ(decoder.Decode(out, &written), Result::kCorrupt);
  }
}

// Each layer alone may be small while what lies between two is not.
TEST(StreamDecoders, LimitHoldsBetweenCodingsToo) {
  const std::string hidden = ReferenceZstdSkippable(std::string(1'000'000, 'x'));
  const std::string stream = ReferenceGzip(hidden + ReferenceZstd("m value=1\n"));
  EXPECT_EQ(Decode(Codings("zstd, gzip"), stream, 1 << 20, 1000, kNoLimit, 2'000'000),
            (Decoded{Result::kEnd, "m value=1\n"}));
  EXPECT_EQ(Decode(Codings("zstd, gzip"), stream, 1 << 20, 1000, kNoLimit, 500'000),
            (Decoded{Result::kTooLarge, ""}));
}

TEST(ZstdDecoder, ReadsSeveralFramesAndSkipsSkippableOnes) {
  const std::string stream = ReferenceZstd("one ") + ReferenceZstdSkippable("not this") +
                             ReferenceZstd("") + ReferenceZstd("two");
  for (const size_t piece_size : {size_t{1}, size_t{9}, size_t{1000}}) {
    EXPECT_EQ(Decode(ContentCoding::kZstd, stream, piece_size), (Decoded{Result::kEnd, "one two"}));
  }
  EXPECT_EQ(Decode(ContentCoding::kZstd, stream + "x", 100).result, Result::kCorrupt);
}

TEST(ZstdDecoder, LimitsTheWindow) {
  const std::string text = Lines(100'000);
  EXPECT_EQ(Decode(ContentCoding::kZstd, ReferenceZstdStream(text, kZstdWindowLogMax), 1 << 16),
            (Decoded{Result::kEnd, text}));
  EXPECT_EQ(Decode(ContentCoding::kZstd, ReferenceZstdStream(text, kZstdWindowLogMax + 1), 1 << 16),
            (Decoded{Result::kTooLarge, ""}));
}

TEST(SnappyDecoder, SkipsWhatMayBeSkipped) {
  const std::string text = "m value=1\n";
  const std::string stream = ReferenceSnappyFrames(text) + std::string("\xfe\x03\0\0abc", 7) +
                             std::string("\x80\0\0\0", 4) + ReferenceSnappyFrames(text);
  for (const size_t piece_size : {size_t{1}, size_t{5}, size_t{1000}}) {
    EXPECT_EQ(Decode(ContentCoding::kSnappy, stream, piece_size),
              (Decoded{Result::kEnd, text + text}));
  }
  const std::string unknown = ReferenceSnappyFrames(text) + std::string("\x02\0\0\0", 4);
  EXPECT_EQ(Decode(ContentCoding::kSnappy, unknown, 1000), (Decoded{Result::kCorrupt, text}));
}

TEST(SnappyDecoder, LimitsABlock) {
  const std::string fits(kSnappyBlockSizeMax, 'x');
  EXPECT_EQ(Decode(ContentCoding::kSnappy, ReferenceSnappyBlock(fits), 1 << 16, 1 << 20),
            (Decoded{Result::kEnd, fits}));
  EXPECT_EQ(Decode(ContentCoding::kSnappy, ReferenceSnappyBlock(fits + "x"), 1 << 16, 1 << 20),
            (Decoded{Result::kTooLarge, ""}));
  EXPECT_EQ(Decode(ContentCoding::kSnappy,
                   "\xff\xff\xff\xff\x0f"
                   "abc",
                   100),
            (Decoded{Result::kTooLarge, ""}));
  const std::string garbage = "\x80" + std::string(kSnappyBlockSizeMax, 'g');
  EXPECT_EQ(Decode(ContentCoding::kSnappy, garbage, 1 << 16), (Decoded{Result::kTooLarge, ""}));
}

}  // namespace
}  // namespace fluxgate
