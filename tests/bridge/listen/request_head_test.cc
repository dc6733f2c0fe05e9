#include "bridge/listen/request_head.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace fluxgate {
namespace {

struct TargetCase {
  std::string_view target;
  std::string_view path;
  std::string_view query;
};

TEST(SplitTarget, SplitsAndCollapses) {
  const TargetCase cases[] = {
      {"/", "/", ""},
      {"/write?db=x", "/write", "db=x"},
      {"/write?", "/write", ""},
      {"/write?a=?b//c", "/write", "a=?b//c"},
      {"//write", "/write", ""},
      {"///a////b//", "/a/b/", ""},
      {"/a#b?c", "/a", ""},
      {"/a?b#c", "/a", "b"},
      {"http://host/write?db=x", "/write", "db=x"},
      {"http://host:9122//write", "/write", ""},
      {"HTTPS://host", "/", ""},
      {"http://host?db=x", "/", "db=x"},
      {"*", "*", ""},
      {"?x", "/", "x"},
      {"write", "write", ""},
      {"write?u=http://x/y", "write", "u=http://x/y"},
      {"/%2F%2f", "/%2F%2f", ""},
  };
  for (const TargetCase& each : cases) {
    std::string path = "old";
    std::string query = "old";
    SplitTarget(each.target, &path, &query);
    EXPECT_EQ(path, each.path) << each.target;
    EXPECT_EQ(query, each.query) << each.target;
  }
}

TEST(ParseMethod, IsCaseSensitive) {
  EXPECT_EQ(ParseMethod("GET"), HttpMethod::kGet);
  EXPECT_EQ(ParseMethod("HEAD"), HttpMethod::kHead);
  EXPECT_EQ(ParseMethod("POST"), HttpMethod::kPost);
  EXPECT_EQ(ParseMethod("DELETE"), HttpMethod::kDelete);
  EXPECT_EQ(ParseMethod("OPTIONS"), HttpMethod::kOptions);
  EXPECT_EQ(ParseMethod("get"), HttpMethod::kOther);
  EXPECT_EQ(ParseMethod(""), HttpMethod::kOther);
  EXPECT_EQ(ParseMethod("PUT"), HttpMethod::kPut);
  EXPECT_EQ(ParseMethod("PATCH"), HttpMethod::kOther);
}

TEST(RequestHead, ABodyIsOneThatHasBytes) {
  RequestHead head;
  EXPECT_FALSE(head.has_body());
  head.content_length = 0;
  EXPECT_FALSE(head.has_body());
  head.content_length = 1;
  EXPECT_TRUE(head.has_body());
  head.Clear();
  EXPECT_FALSE(head.has_body());
  head.chunked = true;
  EXPECT_TRUE(head.has_body());
}

TEST(RequestHead, KeepsLittleMemoryForTheNextRequest) {
  RequestHead head;
  for (std::string* text :
       {&head.path, &head.query, &head.accept, &head.accept_encoding, &head.content_encoding,
        &head.content_type, &head.origin, &head.x_request_id, &head.request_id}) {
    text->assign(60'000, 'x');
    head.Clear();
    EXPECT_EQ(*text, "");
    EXPECT_LE(text->capacity(), 1024U);
  }
}

}  // namespace
}  // namespace fluxgate
