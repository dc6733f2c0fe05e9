#include "bridge/listen/request_parser.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

namespace fluxgate {
namespace {

using Result = RequestParser::Result;
constexpr size_t kHeadMax = 4096;

// Feeds `text` in pieces of `step` bytes, keeping what was not consumed, as a session does.
class Feeder {
 public:
  Feeder(std::string_view text, size_t step) : text_(text), step_(step) {}

  Result ParseHead(RequestParser* parser) {
    for (;;) {
      RequestParser::Progress progress;
      // A copy of its own, so that reading past the end is found.
      const std::string input(pending_);
      const Result result = parser->ParseHead(input, &progress);
      pending_.erase(0, progress.consumed);
      if (result != Result::kNeedInput || !More()) {
        return result;
      }
    }
  }

  Result ParseBody(RequestParser* parser, size_t out_size, std::string* body) {
    std::string out(out_size, '\0');
    for (;;) {
      RequestParser::Progress progress;
      const std::string input(pending_);
      const Result result = parser->ParseChunked(input, out, &progress);
      pending_.erase(0, progress.consumed);
      body->append(out, 0, progress.written);
      if (result != Result::kNeedInput || (progress.written == 0 && !More())) {
        return result;
      }
    }
  }

  std::string rest() const { return pending_ + std::string(text_); }

 private:
  bool More() {
    const size_t size = std::min(step_, text_.size());
    pending_.append(text_.substr(0, size));
    text_.remove_prefix(size);
    return size > 0;
  }

  std::string_view text_;
  const size_t step_;
  std::string pending_;
};

Result ParseAll(std::string_view text, RequestParser* parser) {
  Feeder feeder(text, text.size());
  return feeder.ParseHead(parser);
}

TEST(RequestParser, TakesWhatItWantsOfAHead) {
  constexpr std::string_view kRequest =
      "POST //write?db=x HTTP/1.1\r\nHost: h\r\nAccept: a\r\naccept: b\r\nACCEPT-ENCODING: gzip\r\n"
      "Content-Encoding:  x-gzip \r\nContent-Length: 12\r\nExpect: 100-Continue\r\nX-Request-Id: "
      "one\r\nContent-Type: multipart/form-data; boundary=B\r\n"
      "x-request-id: two\r\nRequest-Id: three\r\nX-Other: y\r\n\r\nbody";
  for (const size_t step : {size_t{1}, size_t{2}, size_t{7}, kRequest.size()}) {
    RequestParser parser(kHeadMax);
    Feeder feeder(kRequest, step);
    ASSERT_EQ(feeder.ParseHead(&parser), Result::kDone) << step;
    const RequestHead& head = parser.head();
    EXPECT_EQ(head.method, HttpMethod::kPost);
    EXPECT_EQ(head.path, "/write");
    EXPECT_EQ(head.query, "db=x");
    EXPECT_EQ(head.accept, "a, b");
    EXPECT_EQ(head.accept_encoding, "gzip");
    EXPECT_EQ(head.content_encoding, "x-gzip");
    EXPECT_EQ(head.content_type, "multipart/form-data; boundary=B");
    EXPECT_EQ(head.content_length, 12u);
    EXPECT_EQ(head.x_request_id, "one");
    EXPECT_EQ(head.request_id, "three");
    EXPECT_TRUE(head.expects_continue);
    EXPECT_TRUE(head.keep_alive);
    EXPECT_FALSE(head.http_1_0);
    EXPECT_FALSE(head.chunked);
    EXPECT_FALSE(head.unknown_expectation);
    EXPECT_FALSE(head.unknown_transfer_coding);
    EXPECT_EQ(feeder.rest(), "body");
  }
}

TEST(RequestParser, KnowsWhetherTheConnectionIsKept) {
  struct KeepCase {
    std::string_view request;
    bool keep_alive;
  };
  const KeepCase cases[] = {
      {"GET / HTTP/1.1\r\n\r\n", true},
      {"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", false},
      {"GET / HTTP/1.1\r\nConnection: x, CLOSE\r\n\r\n", false},
      {"GET / HTTP/1.0\r\n\r\n", false},
      {"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", true},
  };
  for (const KeepCase& each : cases) {
    RequestParser parser(kHeadMax);
    ASSERT_EQ(ParseAll(each.request, &parser), Result::kDone);
    EXPECT_EQ(parser.head().keep_alive, each.keep_alive) << each.request;
  }
}

TEST(RequestParser, BeginForgetsTheLastRequest) {
  RequestParser parser(kHeadMax);
  ASSERT_EQ(
      ParseAll(
          "POST /write?q HTTP/1.1\r\nHost: a\r\nAccept: a\r\nTransfer-Encoding: chunked\r\n\r\n",
          &parser),
      Result::kDone);
  parser.Begin();
  ASSERT_EQ(ParseAll("GET / HTTP/1.1\r\nHost: a\r\n\r\n", &parser), Result::kDone);
  const RequestHead& head = parser.head();
  EXPECT_EQ(head.method, HttpMethod::kGet);
  EXPECT_EQ(head.path, "/");
  EXPECT_EQ(head.query, "");
  EXPECT_EQ(head.accept, "");
  EXPECT_FALSE(head.chunked);
  EXPECT_FALSE(head.http_1_0);
  EXPECT_TRUE(head.keep_alive);
}

TEST(RequestParser, PassesOverEmptyLinesInFront) {
  RequestParser parser(kHeadMax);
  Feeder feeder("\r\n\n\r\nGET /x HTTP/1.1\r\n\r\n", 1);
  EXPECT_EQ(feeder.ParseHead(&parser), Result::kDone);
  EXPECT_EQ(parser.head().path, "/x");
  EXPECT_TRUE(parser.has_begun());
  parser.Begin();
  EXPECT_EQ(ParseAll("\r\n", &parser), Result::kNeedInput);
  EXPECT_FALSE(parser.has_begun());
}

TEST(RequestParser, RefusesWhatIsMalformed) {
  for (const std::string_view text :
       {"GET\r\n\r\n", "GET /\r\n\r\n", "\x16\x03\x01\x02\x00\x01", "cpu,host=a value=1\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n", "GET / HTTP/1.1\r\na b: c\r\n\r\n",
        "GET / HTTP/1.1\r\nA: \x01\r\n\r\n", "GET / HTTP/1.1\nA b\n\n",
        "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.0\nTransfer-Encoding: gzip\n\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "GET / HTTP/1.0\nHost: a\nhost: b\n\n"}) {
    RequestParser parser(kHeadMax);
    const Result result = ParseAll(text, &parser);
    EXPECT_TRUE(result == Result::kMalformed || result == Result::kBadVersion) << text;
    EXPECT_FALSE(parser.reason().empty()) << text;
  }
}

TEST(RequestParser, TakesHeadsWithBareLineEnds) {
  for (const std::string_view text :
       {"POST /write?db=d HTTP/1.0\nContent-Length: 5\nAccept: a\n\nBODY",
        "POST /write?db=d HTTP/1.0\nContent-Length: 5\r\nAccept: a\r\n\r\nBODY",
        "\n\nPOST /write?db=d HTTP/1.0\nContent-Length: 5\nAccept: a\n\r\nBODY"}) {
    for (const size_t step : {size_t{1}, size_t{7}, size_t{1000}}) {
      RequestParser parser(kHeadMax);
      Feeder feeder(text, step);
      ASSERT_EQ(feeder.ParseHead(&parser), Result::kDone) << text;
      EXPECT_EQ(parser.head().path, "/write");
      EXPECT_EQ(parser.head().content_length, 5u);
      EXPECT_EQ(parser.head().accept, "a");
      EXPECT_EQ(feeder.rest(), "BODY");
    }
  }
  for (const std::string_view text : {"GET / HTTP/1.0\nno colon\n\n", "GET /\n\n",
                                      "GET / HTTP/1.0\n bad: x\n\n", "cpu value=1\n\n"}) {
    RequestParser parser(kHeadMax);
    EXPECT_EQ(Feeder(text, 1000).ParseHead(&parser), Result::kMalformed) << text;
  }
  RequestParser parser(kHeadMax);
  EXPECT_EQ(Feeder("GET / HTTP/1.0\nX: " + std::string(kHeadMax, 'x'), 100).ParseHead(&parser),
            Result::kTooLarge);
}

// A search from the start for each piece would look at five hundred million bytes.
TEST(RequestParser, AHeadWithBareLineEndsIsSearchedOnce) {
  constexpr size_t kLines = 16'000;
  std::string text = "GET / HTTP/1.0\n";
  for (size_t line = 0; line < kLines; ++line) {
    text += "a\n";
  }
  RequestParser parser(text.size() + 100);
  const auto begin = std::chrono::steady_clock::now();
  RequestParser::Progress progress;
  for (size_t size = text.size() - kLines; size < text.size(); ++size) {
    ASSERT_EQ(parser.ParseHead(std::string_view(text).substr(0, size), &progress),
              Result::kNeedInput);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(500));
}

TEST(RequestParser, TellsOtherVersions) {
  for (const std::string_view text :
       {"GET / HTTP/2.0\r\n\r\n", "GET / HTTP/0.9\r\n\r\n", "PRI * HTTP/2.0\r\n\r\n"}) {
    RequestParser parser(kHeadMax);
    EXPECT_EQ(ParseAll(text, &parser), Result::kBadVersion) << text;
  }
}

TEST(RequestParser, OnlyChunkedIsKnown) {
  for (const std::string_view coding : {"gzip", "gzip, chunked", "chunked, gzip", "identity", ""}) {
    RequestParser parser(kHeadMax);
    const std::string text =
        "POST / HTTP/1.1\r\nTransfer-Encoding: " + std::string(coding) + "\r\n\r\n";
    ASSERT_EQ(ParseAll(text, &parser), Result::kDone) << coding;
    EXPECT_TRUE(parser.head().unknown_transfer_coding) << coding;
  }
  RequestParser parser(kHeadMax);
  ASSERT_EQ(ParseAll("POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n", &parser),
            Result::kDone);
  EXPECT_FALSE(parser.head().unknown_transfer_coding);
  EXPECT_TRUE(parser.head().chunked);
}

TEST(RequestParser, LimitsTheHeadExactly) {
  constexpr std::string_view kStart = "GET / HTTP/1.1\r\nX: ";
  for (const size_t step : {size_t{1}, size_t{100}, size_t{1} << 20}) {
    for (const bool over : {false, true}) {
      std::string text(kStart);
      text.append(kHeadMax - kStart.size() - 4 + (over ? 1 : 0), 'x').append("\r\n\r\n");
      RequestParser parser(kHeadMax);
      Feeder feeder(text, step);
      EXPECT_EQ(feeder.ParseHead(&parser), over ? Result::kTooLarge : Result::kDone) << step;
    }
  }
}

TEST(RequestParser, LimitsAHeadOfManyLines) {
  for (const size_t step : {size_t{1}, size_t{100}, size_t{1} << 20}) {
    std::string text = "GET / HTTP/1.1\r\n";
    while (text.size() < 3 * kHeadMax) {
      text.append("X: y\r\n");
    }
    RequestParser parser(kHeadMax);
    Feeder feeder(text, step);
    EXPECT_EQ(feeder.ParseHead(&parser), Result::kTooLarge) << step;
  }
}

// A large body behind a small head has nothing to do with the limit.
TEST(RequestParser, TheLimitIsNotForTheBody) {
  RequestParser parser(kHeadMax);
  const std::string text =
      "POST / HTTP/1.1\r\nContent-Length: 9999\r\n\r\n" + std::string(9999, 'x');
  EXPECT_EQ(ParseAll(text, &parser), Result::kDone);
}

TEST(RequestParser, DecodesChunksHoweverTheyArrive) {
  constexpr std::string_view kHead = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  constexpr std::string_view kBody =
      "5\r\nhello\r\n1;a=b;c=\"d\"\r\n \r\n00A\r\n0123456789\r\n0;end\r\nX-Sum: 1\r\nConnection: "
      "close\r\n\r\n";
  const std::string text = std::string(kHead) + std::string(kBody) + "next";
  for (const size_t step : {size_t{1}, size_t{3}, text.size()}) {
    for (const size_t out_size : {size_t{1}, size_t{4}, size_t{100}}) {
      RequestParser parser(kHeadMax);
      Feeder feeder(text, step);
      ASSERT_EQ(feeder.ParseHead(&parser), Result::kDone);
      std::string body;
      ASSERT_EQ(feeder.ParseBody(&parser, out_size, &body), Result::kDone)
          << step << " " << out_size;
      EXPECT_EQ(body, "hello 0123456789");
      EXPECT_EQ(feeder.rest(), "next");
      EXPECT_EQ(parser.head().request_id, "");
    }
  }
}

TEST(RequestParser, TrailersChangeNothing) {
  RequestParser parser(kHeadMax);
  Feeder feeder(
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nAccept: a\r\n\r\n0\r\nAccept: b\r\n"
      "X-Request-Id: late\r\nContent-Encoding: gzip\r\n\r\n",
      1000);
  ASSERT_EQ(feeder.ParseHead(&parser), Result::kDone);
  std::string body;
  ASSERT_EQ(feeder.ParseBody(&parser, 10, &body), Result::kDone);
  EXPECT_EQ(parser.head().accept, "a");
  EXPECT_EQ(parser.head().x_request_id, "");
  EXPECT_EQ(parser.head().content_encoding, "");
}

TEST(RequestParser, RefusesMalformedChunks) {
  for (const std::string_view chunks :
       {"x\r\n", "-1\r\n", "5\r\nhelloXX\r\n", "5\r\nhello\n\r\n0\r\n\r\n", "11111111111111111\r\n",
        "\r\n\r\n", "0\r\nbad trailer\r\n\r\n"}) {
    RequestParser parser(kHeadMax);
    const std::string text =
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(chunks);
    Feeder feeder(text, text.size());
    ASSERT_EQ(feeder.ParseHead(&parser), Result::kDone);
    std::string body;
    EXPECT_EQ(feeder.ParseBody(&parser, 100, &body), Result::kMalformed) << chunks;
  }
}

}  // namespace
}  // namespace fluxgate
