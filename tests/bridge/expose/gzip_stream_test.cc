#include "bridge/expose/gzip_stream.h"

#include "tests/bridge/ingest/gzip_reference.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace fluxgate {
namespace {

std::string Exposition(size_t lines) {
  std::string text;
  for (size_t i = 0; i < lines; ++i) {
    text += "cpu_usage{host=\"host_" + std::to_string(i) + "\"} " + std::to_string(i * 7 % 100);
    text += '\n';
  }
  return text;
}

std::string Noise(size_t size) {
  std::mt19937_64 random(size);
  std::string text(size, ' ');
  for (char& byte : text) {
    byte = static_cast<char>(random());
  }
  return text;
}

std::string Compress(std::string_view text, size_t piece_size) {
  GzipStream stream;
  std::string out;
  while (text.size() > piece_size) {
    stream.Append(text.substr(0, piece_size), false, &out);
    text.remove_prefix(piece_size);
  }
  stream.Append(text, true, &out);
  return out;
}

TEST(GzipStream, EmptyStreamIsOneEmptyMember) {
  EXPECT_EQ(ReferenceGunzip(Compress("", 1)), "");
}

TEST(GzipStream, TextOfAnyPiecesComesBack) {
  const std::string text = Exposition(3000);
  for (const size_t piece_size : {1U, 7U, 100U, 4096U, 65536U, 1U << 20}) {
    EXPECT_EQ(ReferenceGunzip(Compress(text, piece_size)), text) << piece_size;
  }
  EXPECT_LT(Compress(text, 65536).size(), text.size() / 3);
}

// What does not shrink fills the output step to its last byte at some of these sizes.
TEST(GzipStream, NoiseOfAnySizeComesBack) {
  for (size_t size = (size_t{32} << 10) - 200; size < (size_t{32} << 10) + 200; ++size) {
    ASSERT_EQ(ReferenceGunzip(Compress(Noise(size), size)), Noise(size)) << size;
  }
  for (const size_t size : {size_t{64} << 10, size_t{1} << 20, (size_t{3} << 20) + 1}) {
    ASSERT_EQ(ReferenceGunzip(Compress(Noise(size), 65536)), Noise(size)) << size;
  }
}

TEST(GzipStream, EmptyPiecesChangeNothing) {
  GzipStream stream;
  std::string out;
  stream.Append("", false, &out);
  stream.Append("a", false, &out);
  stream.Append("", false, &out);
  stream.Append("b", false, &out);
  stream.Append("", true, &out);
  EXPECT_EQ(ReferenceGunzip(out), "ab");
}

TEST(GzipStream, OutputIsAppended) {
  GzipStream stream;
  std::string out = "before";
  stream.Append("text", true, &out);
  EXPECT_EQ(out.substr(0, 6), "before");
  EXPECT_EQ(ReferenceGunzip(std::string_view(out).substr(6)), "text");
}

}  // namespace
}  // namespace fluxgate
