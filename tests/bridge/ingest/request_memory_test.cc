#include "bridge/ingest/request_memory.h"

#include "tests/bridge/ingest/write_feeder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace fluxgate {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Pair;

TEST(RequestMemory, EndsAtTheLimit) {
  RequestMemory memory(100);
  {
    HeldMemory one(&memory);
    HeldMemory other(&memory);
    EXPECT_TRUE(one.Hold(60));
    EXPECT_TRUE(other.Hold(40));
    EXPECT_FALSE(other.Hold(41));
    EXPECT_EQ(memory.size(), 100U);
    EXPECT_EQ(memory.refused_count(), 1U);
    EXPECT_TRUE(one.Hold(50));
    EXPECT_TRUE(other.Hold(50));
  }
  EXPECT_EQ(memory.size(), 0U);
}

TEST(RequestMemory, ZeroIsNoLimit) {
  RequestMemory memory(0);
  HeldMemory held(&memory);
  EXPECT_TRUE(held.Hold(uint64_t{1} << 62));
}

// A write that has brought `body` and waits for more.
class Waiting {
 public:
  Waiting(WriteSide* side, const ContentCodings& codings, bool accept_partial)
      : request_(&side->ingest, Params(accept_partial), codings, "peer", side->clock.Read()) {}

  std::optional<Reply> Bring(std::string_view body) {
    std::optional<Reply> reply;
    while (!body.empty() && !reply) {
      const std::span<char> room = request_.Prepare();
      const size_t size = std::min(room.size(), body.size());
      std::copy_n(body.begin(), size, room.begin());
      body.remove_prefix(size);
      reply = request_.Commit(size);
      while (!reply && request_.has_more()) {
        reply = request_.Continue();
      }
    }
    return reply;
  }

 private:
  static WriteParams Params(bool accept_partial) {
    WriteParams params;
    params.protocol = WriteProtocol::kHttpV3;
    params.accept_partial = accept_partial;
    return params;
  }

  WriteRequest request_;
};

void ExpectBusy(const std::optional<Reply>& reply) {
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 503);
  EXPECT_THAT(reply->body, HasSubstr("{\"error\":\"too many large requests"));
  EXPECT_THAT(reply->headers, Contains(Pair("Retry-After", "1")));
}

TEST(RequestMemory, HeldBodiesShareIt) {
  WriteSide side({.request_memory_max = size_t{5} << 20});
  const std::string body(size_t{3} << 20, '\n');
  {
    Waiting one(&side, ContentCoding::kIdentity, false);
    Waiting other(&side, ContentCoding::kIdentity, false);
    EXPECT_FALSE(one.Bring(body));
    EXPECT_GT(side.ingest.request_memory().size(), size_t{2} << 20);
    ExpectBusy(other.Bring(body));
    Waiting ordinary(&side, ContentCoding::kIdentity, true);
    EXPECT_FALSE(ordinary.Bring(body));
  }
  EXPECT_EQ(side.ingest.request_memory().size(), 0U);
  EXPECT_EQ(side.ingest.request_memory().refused_count(), 1U);
}

// The first bytes of a zstd frame with a window of 8 MiB: many line feeds.
std::string ZstdStart() {
  constexpr size_t kBlockSize = size_t{128} << 10;
  constexpr size_t kRepeatedBlock = (size_t{1} << 1) | (kBlockSize << 3);
  std::string frame("\x28\xb5\x2f\xfd\x00\x68", 6);
  for (int block = 0; block < 64; ++block) {
    for (const int shift : {0, 8, 16}) {
      frame.push_back(static_cast<char>((kRepeatedBlock >> shift) & 0xFF));
    }
    frame.push_back('\n');
  }
  return frame;
}

TEST(RequestMemory, SoDoWindowsOfDecoders) {
  WriteSide side({.request_memory_max = size_t{10} << 20});
  {
    Waiting one(&side, ContentCoding::kZstd, true);
    Waiting other(&side, ContentCoding::kZstd, true);
    EXPECT_FALSE(one.Bring(ZstdStart()));
    EXPECT_GT(side.ingest.request_memory().size(), size_t{7} << 20);
    ExpectBusy(other.Bring(ZstdStart()));
  }
  EXPECT_EQ(side.ingest.request_memory().size(), 0U);
}

TEST(RequestMemory, SoDoBlocksOfSnappy) {
  WriteSide side({.request_memory_max = size_t{2} << 20});
  Waiting one(&side, ContentCoding::kSnappy, true);
  const std::string block(size_t{1} << 20, 'x');
  EXPECT_FALSE(one.Bring(block));
  ExpectBusy(one.Bring(block + block));
  EXPECT_EQ(side.ingest.request_memory().size(), 0U);
}

}  // namespace
}  // namespace fluxgate
