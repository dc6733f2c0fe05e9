#include "bridge/ingest/reply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fluxgate {
namespace {

using testing::ElementsAre;
using testing::Pair;

struct JsonCase {
  std::string text;
  std::string json;
};

TEST(JsonString, IsWhatGoWrites) {
  const JsonCase cases[] = {
      {"", R"("")"},
      {"plain text", R"("plain text")"},
      {R"(a"b\c/d'e)", R"("a\"b\\c/d'e")"},
      {"\n\r\t", R"("\n\r\t")"},
      {std::string("\0\x01\b\f\x1f\x7f", 6), "\"\\u0000\\u0001\\u0008\\u000c\\u001f\x7f\""},
      {"<a href=x>&amp;", R"("\u003ca href=x\u003e\u0026amp;")"},
      {"\u2028\u2029\u202a", "\"\\u2028\\u2029\u202a\""},
      {"naïve 日本 😀", "\"naïve 日本 😀\""},
      {"\xff", R"("\ufffd")"},
      {"a\xe2\x28z", R"("a\ufffd(z")"},
      {"\xe2\x82", R"("\ufffd\ufffd")"},                      // truncated
      {"\xc0\xaf", R"("\ufffd\ufffd")"},                      // overlong
      {"\xed\xa0\x80", R"("\ufffd\ufffd\ufffd")"},            // a surrogate
      {"\xf4\x90\x80\x80", R"("\ufffd\ufffd\ufffd\ufffd")"},  // above U+10FFFF
      {"\uFFFD", "\"\uFFFD\""},
  };
  for (const JsonCase& test : cases) {
    EXPECT_EQ(JsonString(test.text), test.json);
  }
}

TEST(V1Error, HasBodyAndHeader) {
  const Reply reply = V1Error(400, "unable to parse 'a<b': missing fields\nunable");
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.content_type, "application/json");
  EXPECT_EQ(reply.body, "{\"error\":\"unable to parse 'a\\u003cb': missing fields\\nunable\"}\n");
  EXPECT_THAT(reply.headers, ElementsAre(Pair("X-Influxdb-Error",
                                              "unable to parse 'a<b': missing fields unable")));
}

TEST(V1Error, HeaderHoldsTheFirst1024Bytes) {
  for (const size_t size : {1023u, 1024u, 1025u}) {
    EXPECT_EQ(V1Error(400, std::string(size, 'x')).headers[0].second.size(),
              std::min<size_t>(size, 1024));
  }
}

TEST(V1Error, HeaderHasNoControlBytes) {
  EXPECT_EQ(V1Error(400, std::string("a\r\nSet-Cookie: b\0c\x7f", 19)).headers[0].second,
            "a  Set-Cookie: b c ");
}

TEST(V2Error, CodeFollowsFromStatus) {
  const std::pair<int, std::string> codes[] = {{400, "invalid"},
                                               {401, "unauthorized"},
                                               {404, "not found"},
                                               {405, "method not allowed"},
                                               {413, "request too large"},
                                               {415, "invalid"},
                                               {422, "unprocessable entity"},
                                               {429, "too many requests"},
                                               {500, "internal error"},
                                               {502, "internal error"},
                                               {503, "unavailable"}};
  for (const auto& [status, code] : codes) {
    const Reply reply = V2Error(status, "a \"b\"");
    EXPECT_EQ(reply.status, status);
    EXPECT_EQ(reply.content_type, "application/json; charset=utf-8");
    EXPECT_EQ(reply.body, "{\"code\":\"" + code + "\",\"message\":\"a \\\"b\\\"\"}\n");
    EXPECT_THAT(reply.headers, ElementsAre(Pair("X-Platform-Error-Code", code)));
  }
}

}  // namespace
}  // namespace fluxgate
