#include "protocol/http/multipart_head.h"

#include <gtest/gtest.h>

#include <string>

namespace fluxgate::http {
namespace {

TEST(MultipartBoundary, AsCurlAndBrowsersSendIt) {
  EXPECT_EQ(ParseMultipartBoundary("multipart/form-data; boundary=----abc"), "----abc");
  EXPECT_EQ(ParseMultipartBoundary("Multipart/Form-Data;charset=utf-8; BOUNDARY=\"a b;c\""),
            "a b;c");
  EXPECT_EQ(ParseMultipartBoundary("multipart/mixed; x; boundary=z ; y=1"), "z");
}

TEST(MultipartBoundary, NoneOfOtherTypesOrSizes) {
  EXPECT_EQ(ParseMultipartBoundary("text/plain; boundary=a"), std::nullopt);
  EXPECT_EQ(ParseMultipartBoundary("multipart/form-data"), std::nullopt);
  EXPECT_EQ(ParseMultipartBoundary("multipart/form-data; boundary="), std::nullopt);
  EXPECT_EQ(ParseMultipartBoundary("multipart/form-data; boundary=" + std::string(201, 'x')),
            std::nullopt);
}

TEST(PartHead, NamesAndTheirQuotes) {
  PartHead head = ParsePartHead(
      "Content-Type: text/plain\r\nCONTENT-disposition: form-data; name=\"data\"; "
      "filename=\"a \\\"b\\\" %22;c.txt\"\r\n");
  EXPECT_EQ(head.name, "data");
  EXPECT_EQ(head.filename, "a \"b\" %22;c.txt");
  head = ParsePartHead("Content-Disposition: form-data; name=plain");
  EXPECT_EQ(head.name, "plain");
  EXPECT_EQ(head.filename, "");
}

TEST(PartHead, LoneBackslashesOfOldBrowsersStay) {
  EXPECT_EQ(ParsePartHead("Content-Disposition: form-data; filename=\"C:\\dir\\f\"").filename,
            "C:\\dir\\f");
}

TEST(PartHead, OpenQuoteEndsWithTheLine) {
  EXPECT_EQ(ParsePartHead("Content-Disposition: form-data; name=\"open").name, "open");
}

}  // namespace
}  // namespace fluxgate::http
