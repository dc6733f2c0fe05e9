#include "tests/bench/response_reader.h"

#include <gtest/gtest.h>

#include <string>

namespace fluxgate::bench {
namespace {

struct Outcome {
  int status;
  bool complete;
  bool bad;
  std::string body;
  size_t taken;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

// Feeds the bytes in pieces of a size.
Outcome Read(std::string_view bytes, size_t piece_size) {
  ResponseReader reader;
  Outcome outcome{};
  for (size_t at = 0; at < bytes.size(); at += piece_size) {
    outcome.taken += reader.Take(bytes.substr(at, piece_size),
                                 [&outcome](std::string_view piece) { outcome.body += piece; });
  }
  outcome.status = reader.status();
  outcome.complete = reader.is_complete();
  outcome.bad = reader.is_bad();
  return outcome;
}

void ExpectForAllPieces(const std::string& bytes, const Outcome& expected) {
  for (size_t piece_size = 1; piece_size <= bytes.size(); ++piece_size) {
    EXPECT_EQ(Read(bytes, piece_size), expected) << "pieces of " << piece_size;
  }
}

TEST(ResponseReader, NoContentEndsWithItsHead) {
  const std::string head = "HTTP/1.1 204 No Content\r\nX: y\r\n\r\n";
  ExpectForAllPieces(head, {204, true, false, "", head.size()});
  EXPECT_EQ(Read(head + "HTTP/1.1 204", 1000), (Outcome{204, true, false, "", head.size()}));
}

TEST(ResponseReader, BodyByLength) {
  const std::string bytes = "HTTP/1.1 200 OK\r\ncontent-LENGTH: 5\r\n\r\nhello";
  ExpectForAllPieces(bytes, {200, true, false, "hello", bytes.size()});
}

TEST(ResponseReader, BodyInChunks) {
  const std::string bytes =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA;x=y\r\n, the rest\r\n"
      "0\r\nTrailer: z\r\n\r\n";
  ExpectForAllPieces(bytes, {200, true, false, "hello, the rest", bytes.size()});
}

TEST(ResponseReader, UnfinishedBodyIsNotComplete) {
  EXPECT_FALSE(Read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", 7).complete);
  EXPECT_FALSE(
      Read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", 7).complete);
}

TEST(ResponseReader, BrokenResponsesAreBad) {
  EXPECT_TRUE(Read("HTTP/1.1 200 OK\r\n\r\n", 100).bad);
  EXPECT_TRUE(Read("SSH-2.0\r\n\r\n", 100).bad);
  EXPECT_TRUE(Read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 100).bad);
  EXPECT_TRUE(Read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", 100).bad);
}

}  // namespace
}  // namespace fluxgate::bench
