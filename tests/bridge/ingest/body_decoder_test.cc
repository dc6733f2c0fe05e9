#include "bridge/ingest/body_decoder.h"

#include "tests/bridge/ingest/gzip_reference.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace fluxgate {
namespace {

using Result = BodyDecoder::Result;

constexpr uint64_t kNoLimit = uint64_t{1} << 40;

struct Decoded {
  Result result;
  std::string text;

  bool operator==(const Decoded&) const = default;
};

void PrintTo(const Decoded& decoded, std::ostream* out) {
  *out << "result " << static_cast<int>(decoded.result) << ", " << decoded.text.size()
       << " bytes: " << testing::PrintToString(decoded.text.substr(0, 100));
}

// Decodes until a final result, `out_size` bytes at a time; `pieces` make up the body.
Decoded Decode(BodyDecoder* decoder, const std::vector<std::string_view>& pieces, size_t out_size) {
  Decoded decoded{Result::kNeedInput, ""};
  std::string out(out_size, '\0');
  for (size_t i = 0; i < pieces.size(); ++i) {
    // A copy of its own, so that reading past a piece is found.
    const std::string piece(pieces[i]);
    decoder->SetInput(piece, i + 1 == pieces.size());
    do {
      size_t written = 77;
      decoded.result = decoder->Decode(out, &written);
      EXPECT_EQ(written > 0, decoded.result == Result::kOutput);
      EXPECT_LE(written, out_size);
      decoded.text.append(out, 0, written);
    } while (decoded.result == Result::kOutput);
    if (decoded.result != Result::kNeedInput) {
      break;
    }
  }
  return decoded;
}

Decoded Decode(const ContentCodings& coding, const std::vector<std::string_view>& pieces,
               uint64_t limit = kNoLimit, size_t out_size = 1000) {
  BodyDecoder decoder(coding, limit);
  return Decode(&decoder, pieces, out_size);
}

Decoded Gunzip(std::string_view stream, uint64_t limit = kNoLimit, size_t out_size = 1000) {
  return Decode(ContentCoding::kGzip, {stream}, limit, out_size);
}

std::string Lines(int count) {
  std::string lines;
  for (int i = 0; i < count; ++i) {
    lines +=
        "cpu,host=h" + std::to_string(i % 17) + " value=" + std::to_string(i * 7919 % 1000) + "\n";
  }
  return lines;
}

std::string RandomBytes(size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string bytes(size, '\0');
  std::ranges::generate(bytes, [&] { return static_cast<char>(random()); });
  return bytes;
}

const GzipHeaderParts kFullHeader = {.extra = std::string("ab\0\3xyz", 7),
                                     .name = "lines.txt",
                                     .comment = "made by a test",
                                     .has_checksum = true};

TEST(BodyDecoder, IdentityPassesBytesThrough) {
  EXPECT_EQ(Decode(ContentCoding::kIdentity, {"ab", "", "c"}, kNoLimit, 1),
            (Decoded{Result::kEnd, "abc"}));
  EXPECT_EQ(Decode(ContentCoding::kIdentity, {""}), (Decoded{Result::kEnd, ""}));
}

TEST(BodyDecoder, IdentityLimitIsExact) {
  EXPECT_EQ(Decode(ContentCoding::kIdentity, {"abc"}, 4), (Decoded{Result::kEnd, "abc"}));
  EXPECT_EQ(Decode(ContentCoding::kIdentity, {"abc"}, 3), (Decoded{Result::kEnd, "abc"}));
  EXPECT_EQ(Decode(ContentCoding::kIdentity, {"abc"}, 2), (Decoded{Result::kTooLarge, "ab"}));
  EXPECT_EQ(Decode(ContentCoding::kIdentity, {"a", "b", "c"}, 2),
            (Decoded{Result::kTooLarge, "ab"}));
}

TEST(BodyDecoder, InflatesWhatZlibDeflated) {
  const std::string texts[] = {
      "", "a", Lines(100), Lines(20000), RandomBytes(100'000, 1), std::string(300'000, 'x')};
  for (const std::string& text : texts) {
    for (const int level : {0, 1, 6, 9}) {
      for (const size_t out_size : {size_t{1}, size_t{4096}, size_t{1} << 20}) {
        EXPECT_EQ(Gunzip(ReferenceGzip(text, {}, level), kNoLimit, out_size),
                  (Decoded{Result::kEnd, text}));
      }
    }
  }
}

TEST(BodyDecoder, NeedsInputUntilTheLastPiece) {
  BodyDecoder decoder(ContentCoding::kGzip, kNoLimit);
  const std::string stream = ReferenceGzip("abc");
  std::string out(100, '\0');
  size_t written = 0;
  decoder.SetInput(stream, false);
  EXPECT_EQ(decoder.Decode(out, &written), Result::kOutput);
  EXPECT_EQ(out.substr(0, written), "abc");
  EXPECT_EQ(decoder.Decode(out, &written), Result::kNeedInput);
  decoder.SetInput("", true);
  EXPECT_EQ(decoder.Decode(out, &written), Result::kEnd);
  EXPECT_EQ(decoder.output_size(), 3u);
}

TEST(BodyDecoder, EverySplitGivesTheSame) {
  const std::string text = Lines(40);
  const std::string stream = ReferenceGzip(text, kFullHeader) + ReferenceGzip("") +
                             ReferenceGzip("tail", kFullHeader, 0) + std::string(9, '\0');
  const Decoded expected = {Result::kEnd, text + "tail"};
  const std::string_view whole = stream;
  for (size_t i = 0; i <= stream.size(); ++i) {
    for (const size_t out_size : {size_t{1}, size_t{64}, size_t{100'000}}) {
      ASSERT_EQ(
          Decode(ContentCoding::kGzip, {whole.substr(0, i), whole.substr(i)}, kNoLimit, out_size),
          expected)
          << "split at " << i;
    }
  }
  std::vector<std::string_view> bytes;
  for (size_t i = 0; i < stream.size(); ++i) {
    bytes.push_back(whole.substr(i, 1));
  }
  EXPECT_EQ(Decode(ContentCoding::kGzip, bytes), expected);
}

TEST(BodyDecoder, ReadsEveryKindOfHeader) {
  for (int parts = 0; parts < 16; ++parts) {
    const GzipHeaderParts header = {.extra = (parts & 1) != 0 ? std::string(1000, 'e') : "",
                                    .name = (parts & 2) != 0 ? std::string(1000, 'n') : "",
                                    .comment = (parts & 4) != 0 ? std::string(1000, 'c') : "",
                                    .has_checksum = (parts & 8) != 0};
    const std::string stream = ReferenceGzip("cpu value=1", header);
    EXPECT_EQ(Gunzip(stream), (Decoded{Result::kEnd, "cpu value=1"})) << parts;
    const std::string_view whole = stream;
    for (size_t i = 0; i < stream.size(); i += 7) {
      ASSERT_EQ(Decode(ContentCoding::kGzip, {whole.substr(0, i), whole.substr(i)}).result,
                Result::kEnd)
          << parts << " split at " << i;
    }
  }
}

TEST(BodyDecoder, WrongHeaderChecksumIsCorrupt) {
  std::string stream = ReferenceGzip("abc", {.has_checksum = true});
  stream[10] = static_cast<char>(stream[10] ^ 1);
  EXPECT_EQ(Gunzip(stream), (Decoded{Result::kCorrupt, ""}));
}

TEST(BodyDecoder, WrongChecksumOrSizeIsCorrupt) {
  const std::string stream = ReferenceGzip("abc");
  for (size_t from_end = 1; from_end <= 8; ++from_end) {
    std::string broken = stream;
    char& byte = broken[broken.size() - from_end];
    byte = static_cast<char>(byte ^ 0x40);
    EXPECT_EQ(Gunzip(broken), (Decoded{Result::kCorrupt, ""})) << from_end;
  }
}

TEST(BodyDecoder, EveryTruncationIsCorrupt) {
  const std::string text = Lines(40);
  const std::string stream = ReferenceGzip(text, kFullHeader);
  for (size_t size = 0; size < stream.size(); ++size) {
    const Decoded decoded = Gunzip(std::string_view(stream).substr(0, size));
    ASSERT_EQ(decoded.result, Result::kCorrupt) << size;
    ASSERT_TRUE(text.starts_with(decoded.text)) << size;
  }
}

// A fixed-code block: `a`, then a match that begins 32,768 bytes back, where nothing is.
TEST(BodyDecoder, MatchBeforeTheStartYieldsNoStaleMemory) {
  const std::string stream = std::string("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10) +
                             "\x4b\x1c\xbd\xff\x1f\x00" + std::string(3000, '\0');
  for (const size_t out_size : {size_t{1}, size_t{100}, size_t{100'000}}) {
    const Decoded decoded = Gunzip(stream, kNoLimit, out_size);
    EXPECT_EQ(decoded.result, Result::kCorrupt);
    EXPECT_TRUE(std::string_view("a").starts_with(decoded.text));
  }
}

TEST(BodyDecoder, OnlyZerosMayFollowTheLastMember) {
  const std::string stream = ReferenceGzip("abc");
  EXPECT_EQ(Gunzip(stream + std::string(5000, '\0')), (Decoded{Result::kEnd, "abc"}));
  EXPECT_EQ(Gunzip(stream + "x"), (Decoded{Result::kCorrupt, "abc"}));
  EXPECT_EQ(Gunzip(stream + std::string("\0x", 2)), (Decoded{Result::kCorrupt, "abc"}));
  EXPECT_EQ(Gunzip(stream + "\x1f\x8b"), (Decoded{Result::kCorrupt, "abc"}));
  EXPECT_EQ(Gunzip(std::string(20, '\0')), (Decoded{Result::kCorrupt, ""}));
  EXPECT_EQ(Gunzip("cpu value=1\n"), (Decoded{Result::kCorrupt, ""}));
}

TEST(BodyDecoder, GzipLimitIsExactWhateverTheBufferSize) {
  const std::string text = Lines(300);
  const std::string stream = ReferenceGzip(text);
  for (const size_t out_size : {size_t{1}, size_t{1000}, text.size(), size_t{1} << 20}) {
    EXPECT_EQ(Gunzip(stream, text.size() + 1, out_size), (Decoded{Result::kEnd, text}));
    EXPECT_EQ(Gunzip(stream, text.size(), out_size), (Decoded{Result::kEnd, text}));
    EXPECT_EQ(Gunzip(stream, text.size() - 1, out_size),
              (Decoded{Result::kTooLarge, text.substr(0, text.size() - 1)}));
  }
}

TEST(BodyDecoder, LimitCountsAllMembers) {
  const std::string stream = ReferenceGzip("abc") + ReferenceGzip("") + ReferenceGzip("de");
  EXPECT_EQ(Gunzip(stream, 5), (Decoded{Result::kEnd, "abcde"}));
  EXPECT_EQ(Gunzip(stream, 4), (Decoded{Result::kTooLarge, "abcd"}));
  EXPECT_EQ(Gunzip(stream, 3), (Decoded{Result::kTooLarge, "abc"}));
}

TEST(BodyDecoder, BombEndsAtTheLimit) {
  const std::string bomb = ReferenceGzip(std::string(size_t{64} << 20, '0'), {}, 9);
  ASSERT_LT(bomb.size(), 100'000u);
  EXPECT_EQ(Gunzip(bomb, 1'000'000, 65536),
            (Decoded{Result::kTooLarge, std::string(1'000'000, '0')}));
}

TEST(BodyDecoder, FinalResultsStay) {
  std::string out(10, '\0');
  size_t written = 0;
  BodyDecoder corrupt(ContentCoding::kGzip, kNoLimit);
  EXPECT_EQ(Decode(&corrupt, {"no gzip"}, 10).result, Result::kCorrupt);
  EXPECT_EQ(corrupt.Decode(out, &written), Result::kCorrupt);
  BodyDecoder truncated(ContentCoding::kGzip, kNoLimit);
  EXPECT_EQ(Decode(&truncated, {"\x1f\x8b"}, 10).result, Result::kCorrupt);
  EXPECT_EQ(truncated.Decode(out, &written), Result::kCorrupt);
  BodyDecoder large(ContentCoding::kIdentity, 2);
  EXPECT_EQ(Decode(&large, {"abcdef"}, 10).result, Result::kTooLarge);
  EXPECT_EQ(large.Decode(out, &written), Result::kTooLarge);
  BodyDecoder complete(ContentCoding::kGzip, kNoLimit);
  EXPECT_EQ(Decode(&complete, {ReferenceGzip("abc")}, 10).result, Result::kEnd);
  EXPECT_EQ(complete.Decode(out, &written), Result::kEnd);
}

// Whether the byte at `offset` holds the flags of a member's header.
bool IsHeaderFlags(std::string_view stream, size_t offset) {
  return offset >= 3 && stream.substr(offset - 3, 3) == "\x1f\x8b\x08";
}

// Whatever is changed, the verdict is zlib's, and so is the text of what is sound.
TEST(BodyDecoder, CorruptionAtEveryByteIsJudgedAsByZlib) {
  const std::string streams[] = {ReferenceGzip(Lines(30), kFullHeader),
                                 ReferenceGzip(Lines(30), {}, 0), ReferenceGzip("short", {}, 9),
                                 ReferenceGzip("one") + ReferenceGzip("two")};
  for (const std::string& stream : streams) {
    for (size_t i = 0; i < stream.size(); ++i) {
      for (int bit = 0; bit < 8; ++bit) {
        if (bit >= 5 && IsHeaderFlags(stream, i)) {
          continue;  // reserved flags: zlib refuses them, igzip passes over them
        }
        std::string broken = stream;
        broken[i] = static_cast<char>(broken[i] ^ (1 << bit));
        const std::optional<std::string> reference = ReferenceGunzip(broken);
        const Decoded decoded = Gunzip(broken);
        ASSERT_EQ(decoded.result, reference ? Result::kEnd : Result::kCorrupt)
            << "byte " << i << " bit " << bit;
        if (reference) {
          ASSERT_EQ(decoded.text, *reference);
        }
      }
    }
  }
}

}  // namespace
}  // namespace fluxgate
