#include "bridge/ingest/query_form.h"

#include <gtest/gtest.h>

namespace fluxgate {
namespace {

constexpr std::string_view kForm = "application/x-www-form-urlencoded";

TEST(QueryForm, AFormComesBeforeTheUrl) {
  const QueryForm form("q=url&db=d%201", kForm, "q=SHOW+DATABASES&x=");
  EXPECT_EQ(form.Find("q"), "SHOW DATABASES");
  EXPECT_EQ(form.Find("db"), "d 1");
  EXPECT_EQ(form.Find("x"), "");
  EXPECT_EQ(form.Find("y"), "");
  EXPECT_EQ(form.FindInUrl("q"), "url");
  EXPECT_EQ(QueryForm("q=url", "Application/X-WWW-Form-Urlencoded; charset=utf-8", "q=f").Find("q"),
            "f");
  EXPECT_EQ(QueryForm("q=url", "", "q=f").Find("q"), "f");
}

TEST(QueryForm, OtherBodiesAreNoForms) {
  EXPECT_EQ(QueryForm("q=url", "text/plain", "q=f").Find("q"), "url");
  EXPECT_EQ(QueryForm("", "application/json", "q=f").Find("q"), "");
}

constexpr std::string_view kParts =
    "preamble\r\n--B\r\nContent-Disposition: form-data; name=\"db\"\r\n\r\nd1\r\n"
    "--B\r\nContent-Type: text/plain\r\ncontent-disposition: form-data; name=q; filename=\"f\"\r\n"
    "\r\nSHOW\r\n--DATABASES\r\n--B--\r\nepilogue";

TEST(QueryForm, PartsComeBehindTheUrl) {
  const QueryForm form("", "multipart/form-data; boundary=B", kParts);
  EXPECT_EQ(form.Find("q"), "SHOW\r\n--DATABASES");
  EXPECT_EQ(form.Find("db"), "d1");
  EXPECT_EQ(form.Find("f"), "");
  EXPECT_EQ(QueryForm("q=url", "multipart/form-data; boundary=\"B\"", kParts).Find("q"), "url");
}

TEST(QueryForm, BrokenPartsAreNoParameters) {
  EXPECT_EQ(QueryForm("", "multipart/form-data", kParts).Find("q"), "");
  EXPECT_EQ(QueryForm("", "multipart/form-data; boundary=C", kParts).Find("q"), "");
  for (size_t size = 0; size < kParts.size(); ++size) {
    QueryForm("", "multipart/form-data; boundary=B", kParts.substr(0, size)).Find("x");
  }
}

}  // namespace
}  // namespace fluxgate
