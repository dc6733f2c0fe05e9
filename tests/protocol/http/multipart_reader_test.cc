#include "protocol/http/multipart_reader.h"

#include "tests/protocol/cuts.h"
#include "tests/protocol/http/multipart_text.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace fluxgate::http {
namespace {

// What any two cuts, and a cut behind every byte, lead to: always the same.
std::string ReadCut(std::string_view body, std::string_view boundary = "B") {
  const std::string whole = MultipartText(body, {}, boundary);
  for (size_t i = 1; i < body.size(); ++i) {
    EXPECT_EQ(MultipartText(body, {i}, boundary), whole) << i;
    for (size_t j = i; j < body.size(); j += 7) {
      EXPECT_EQ(MultipartText(body, {i, j}, boundary), whole) << i << ' ' << j;
    }
  }
  EXPECT_EQ(MultipartText(body, EveryByte(body.size()), boundary), whole);
  return whole;
}

constexpr std::string_view kData =
    "Content-Disposition: form-data; name=\"data\"; filename=\"f\"\r\n";

std::string Part(std::string_view bytes) {
  return "--B\r\n" + std::string(kData) + "\r\n" + std::string(bytes) + "\r\n";
}

TEST(MultipartReader, OnePartAsCurlSendsIt) {
  EXPECT_EQ(ReadCut(Part("cpu v=1\nmem v=2\n") + "--B--\r\n"), "[data|f]cpu v=1\nmem v=2\n;");
}

TEST(MultipartReader, SeveralPartsPreambleAndEpilogue) {
  EXPECT_EQ(ReadCut("hello\r\n\r\n" + Part("a") + Part("") + Part("\r\n") + "--B--  \r\nbye --B"),
            "[data|f]a;[data|f];[data|f]\r\n;");
}

TEST(MultipartReader, WhatOnlyLooksLikeABoundaryIsData) {
  EXPECT_EQ(ReadCut(Part("x\r\n--Bx\r\n--\r\n-\r\n\r\n--B-\r\n--B \t y--B--") + "--B--"),
            "[data|f]x\r\n--Bx\r\n--\r\n-\r\n\r\n--B-\r\n--B \t y--B--;");
}

TEST(MultipartReader, WhatOnlyLooksLikeTheLastBoundaryIsData) {
  EXPECT_EQ(ReadCut(Part("x\r\n--B--y\r\n--B-- \r\r\n--B---") + "--B-- \t"),
            "[data|f]x\r\n--B--y\r\n--B-- \r\r\n--B---;");
}

TEST(MultipartReader, BlanksBehindABoundary) {
  EXPECT_EQ(ReadCut("--B \t\r\n\r\nx\r\n--B\t\r\n\r\ny\r\n--B--"), "[|]x;[|]y;");
}

TEST(MultipartReader, EmptyPartWithoutHeaderAndWithoutItsOwnLineEnd) {
  EXPECT_EQ(ReadCut("--B\r\n\r\n--B\r\n" + std::string(kData) + "\r\n--B--"), "[|];[data|f];");
}

TEST(MultipartReader, ABodyThatEndsTooEarly) {
  EXPECT_EQ(ReadCut(Part("abc")),
            "[data|f]abc\r\n!the multipart body ends before its last boundary");
  EXPECT_EQ(ReadCut("--B\r\nContent-"), "!the multipart body ends in the header of a part");
  EXPECT_EQ(ReadCut("cpu v=1\n"), "!no boundary in the multipart body");
  EXPECT_EQ(ReadCut(""), "!no boundary in the multipart body");
}

TEST(MultipartReader, NoPartAtAll) {
  EXPECT_EQ(ReadCut("--B--\r\n"), "");
}

TEST(MultipartReader, HeaderTooLarge) {
  const std::string body = "--B\r\nX: " + std::string(kPartHeadSizeMax + 10, 'x') + "\r\n\r\n";
  EXPECT_EQ(MultipartText(body, {}), "!the header of a part is too large");
  EXPECT_EQ(MultipartText(body, {100, 5000}), "!the header of a part is too large");
}

TEST(MultipartReader, BoundaryOfManyDashes) {
  const std::string boundary = "------------------------0123456789abcdef";
  EXPECT_EQ(ReadCut("--" + boundary + "\r\n\r\n--\r\n----\r\n--" + boundary + "--", boundary),
            "[|]--\r\n----;");
}

TEST(MultipartReader, KeepsLittleOfALongPart) {
  MultipartReader reader("B");
  const std::string body = Part(std::string(100'000, '\r'));
  reader.SetInput(body, false);
  while (reader.Next() != MultipartReader::Result::kNeedMore) {
  }
  EXPECT_LT(body.size() - reader.consumed(), 10U);
}

}  // namespace
}  // namespace fluxgate::http
