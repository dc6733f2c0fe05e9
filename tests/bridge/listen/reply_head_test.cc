#include "bridge/listen/reply_head.h"

#include <gtest/gtest.h>

#include <string>

namespace fluxgate {
namespace {

constexpr int64_t kNow = 1'700'000'000'900'000'000;

class ReplyHeadTest : public testing::Test {
 protected:
  ReplyHeadTest() { head_.request_id = "id"; }

  std::string Render(const Reply& reply, bool close = false) {
    std::string out;
    renderer_.AppendReply(head_, reply, close, kNow, &out);
    return out;
  }

  RequestHead head_;
  ReplyRenderer renderer_{"1.8.10", 1};
};

constexpr const char* kStart =
    "X-Influxdb-Version: 1.8.10\r\nX-Influxdb-Build: OSS\r\nRequest-Id: id\r\nX-Request-Id: id\r\n"
    "Date: Tue, 14 Nov 2023 22:13:20 GMT\r\n";

TEST_F(ReplyHeadTest, NoContentHasNoLength) {
  EXPECT_EQ(Render({.status = 204, .content_type = "", .body = "lost", .headers = {}}),
            std::string("HTTP/1.1 204 No Content\r\n") + kStart + "\r\n");
}

TEST_F(ReplyHeadTest, BodiesHaveTypeAndLength) {
  EXPECT_EQ(
      Render(
          {.status = 400, .content_type = "text/x", .body = "abc", .headers = {{"Allow", "GET"}}}),
      std::string("HTTP/1.1 400 Bad Request\r\n") + kStart +
          "Allow: GET\r\nContent-Type: text/x\r\nContent-Length: 3\r\n\r\nabc");
  EXPECT_EQ(Render({.status = 200, .content_type = "", .body = "", .headers = {}}),
            std::string("HTTP/1.1 200 OK\r\n") + kStart + "Content-Length: 0\r\n\r\n");
}

TEST_F(ReplyHeadTest, HeadLeavesTheBodyOut) {
  head_.method = HttpMethod::kHead;
  EXPECT_EQ(Render({.status = 200, .content_type = "", .body = "abc", .headers = {}}),
            std::string("HTTP/1.1 200 OK\r\n") + kStart + "Content-Length: 3\r\n\r\n");
}

TEST_F(ReplyHeadTest, TheLastReplySaysSo) {
  EXPECT_EQ(Render({204, {}, {}, {}}, true),
            std::string("HTTP/1.1 204 No Content\r\n") + kStart + "Connection: close\r\n\r\n");
  head_.http_1_0 = true;
  EXPECT_EQ(Render({204, {}, {}, {}}, false),
            std::string("HTTP/1.1 204 No Content\r\n") + kStart + "Connection: keep-alive\r\n\r\n");
}

TEST_F(ReplyHeadTest, HeaderValuesCannotEndTheHeader) {
  const std::string out =
      Render({.status = 204, .content_type = "", .body = "", .headers = {{"X", "a\r\nY: b\x7f"}}});
  EXPECT_NE(out.find("X: a  Y: b \r\n"), std::string::npos) << out;
}

TEST_F(ReplyHeadTest, ScrapesAreChunkedWhereThatIsKnown) {
  std::string out;
  renderer_.AppendScrapeHead(head_, "text/plain", true, false, kNow, &out);
  EXPECT_EQ(
      out,
      std::string("HTTP/1.1 200 OK\r\n") + kStart +
          "Content-Type: text/plain\r\nContent-Encoding: gzip\r\nVary: Accept, Accept-Encoding\r\n"
          "Transfer-Encoding: chunked\r\n\r\n");
  out.clear();
  head_.http_1_0 = true;
  renderer_.AppendScrapeHead(head_, "text/plain", false, true, kNow, &out);
  EXPECT_EQ(
      out,
      std::string("HTTP/1.1 200 OK\r\n") + kStart +
          "Connection: close\r\nContent-Type: text/plain\r\nVary: Accept, Accept-Encoding\r\n\r\n");
}

TEST_F(ReplyHeadTest, TheDateFollowsTheClock) {
  Render({204, {}, {}, {}});
  std::string out;
  renderer_.AppendReply(head_, {204, {}, {}, {}}, false, kNow + 1'000'000'000, &out);
  EXPECT_NE(out.find("22:13:21 GMT"), std::string::npos);
}

TEST(AppendChunkSize, IsHexadecimal) {
  std::string out;
  AppendChunkSize(1, &out);
  AppendChunkSize(65536, &out);
  EXPECT_EQ(out, "1\r\n10000\r\n");
}

}  // namespace
}  // namespace fluxgate
