#include "bridge/ingest/content_coding.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fluxgate {
namespace {

TEST(ParseContentEncoding, KnowsEachCodingInAnyCase) {
  EXPECT_EQ(ParseContentEncoding(""), ContentCoding::kIdentity);
  EXPECT_EQ(ParseContentEncoding("identity"), ContentCoding::kIdentity);
  EXPECT_EQ(ParseContentEncoding("Identity"), ContentCoding::kIdentity);
  EXPECT_EQ(ParseContentEncoding("gzip"), ContentCoding::kGzip);
  EXPECT_EQ(ParseContentEncoding("GZIP"), ContentCoding::kGzip);
  EXPECT_EQ(ParseContentEncoding("x-GZip"), ContentCoding::kGzip);
  EXPECT_EQ(ParseContentEncoding(" \tgzip "), ContentCoding::kGzip);
  EXPECT_EQ(ParseContentEncoding("deflate"), ContentCoding::kDeflate);
  EXPECT_EQ(ParseContentEncoding("Zstd"), ContentCoding::kZstd);
  EXPECT_EQ(ParseContentEncoding("snappy"), ContentCoding::kSnappy);
  EXPECT_EQ(ParseContentEncoding("x-snappy-framed"), ContentCoding::kSnappy);
}

TEST(ParseContentEncoding, KeepsTheOrderOfSeveral) {
  const auto codings = ParseContentEncoding("gzip,identity , ZSTD,, snappy");
  ASSERT_TRUE(codings);
  const std::span<const ContentCoding> applied = codings->applied();
  EXPECT_EQ(std::vector(applied.begin(), applied.end()),
            (std::vector{ContentCoding::kGzip, ContentCoding::kZstd, ContentCoding::kSnappy}));
  EXPECT_EQ(codings->Text(), "gzip, zstd, snappy");
  EXPECT_FALSE(codings->is_identity());
}

TEST(ParseContentEncoding, RefusesEverythingElse) {
  for (const std::string header : {"br", "lz4", "gzip, br", "gzip, gzip", "gzip, zstd, x-gzip",
                                   "gzi", "gzipx", "gzip zstd", "gzip;q=1"}) {
    EXPECT_EQ(ParseContentEncoding(header), std::nullopt) << header;
  }
}

}  // namespace
}  // namespace fluxgate
