#include "bridge/listen/line_session.h"

#include "tests/bridge/ingest/write_feeder.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace fluxgate {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr int kRoomSize = 4 << 20;  // in the kernel

// A session on one end of a pair of sockets, whose thread runs when the test says so. No time
// passes meanwhile: what is stored is not stored by a timer.
class LineSessionTest : public testing::Test {
 protected:
  // SOCK_SEQPACKET: a read gives one packet, whatever else there is.
  void Open(int type = SOCK_STREAM) {
    std::array<int, 2> ends{};
    ASSERT_EQ(socketpair(AF_UNIX, type, 0, ends.data()), 0);
    sender_ = ends[0];
    setsockopt(sender_, SOL_SOCKET, SO_SNDBUFFORCE, &kRoomSize, sizeof kRoomSize);
    setsockopt(sender_, SOL_SOCKET, SO_SNDBUF, &kRoomSize, sizeof kRoomSize);
    StreamSocket socket(context_.get_executor());
    socket.assign(boost::asio::generic::stream_protocol(AF_UNIX, 0), ends[1]);
    receiver_ = ends[1];
    session_ = std::make_unique<LineSession>(std::move(socket), params_,
                                             LineSurroundings{&side_.ingest, &side_.clock, &list_});
    boost::asio::co_spawn(context_, session_->Serve(), boost::asio::detached);
  }

  ~LineSessionTest() override {
    CloseSender();
    context_.poll();
  }

  void CloseSender() {
    if (sender_ >= 0) {
      close(std::exchange(sender_, -1));
    }
  }

  void Send(std::string_view text) {
    ASSERT_EQ(send(sender_, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }

  // Sends, and lets the session do all that it can do now.
  void Bring(std::string_view text) {
    Send(text);
    context_.poll();
  }

  // Lets the session go on until something is stored.
  void RunToTheFirstBatch() {
    while (Totals().points == 0 && context_.poll_one() > 0) {
    }
  }

  WriteTotals Totals() {
    const WriteCounters::Snapshot counts = side_.ingest.counters().Read();
    return counts.databases.empty()
               ? WriteTotals()
               : counts.databases[0].by_protocol[static_cast<size_t>(WriteProtocol::kTcp)];
  }

  uint64_t Rejected() {
    uint64_t count = 0;
    for (const auto& [reason, lines] : side_.ingest.counters().Read().reasons.rejected_lines) {
      count += lines;
    }
    return count;
  }

  WriteSide side_;
  WriteParams params_ = [] {
    WriteParams params;
    params.protocol = WriteProtocol::kTcp;
    return params;
  }();
  boost::asio::io_context context_;
  SessionList list_{&context_};
  std::unique_ptr<LineSession> session_;
  int sender_ = -1;
  int receiver_ = -1;  // the session's
};

TEST_F(LineSessionTest, WholeLinesShowAtOnce) {
  Open();
  Bring("a value=1\nb val");
  EXPECT_EQ(Totals().points, 1U);
  EXPECT_EQ(Totals().requests, 1U);
  Bring("ue=2\n");
  EXPECT_THAT(side_.Scrape(), HasSubstr("b 2\n"));
  EXPECT_EQ(Rejected(), 0U);
}

TEST_F(LineSessionTest, ADroppedDatabaseIsBackWithTheNextLine) {
  params_.database = "lines";
  Open();
  Bring("m v=1\n");
  side_.cache.databases().Drop("lines");
  EXPECT_TRUE(side_.cache.databases().Names().empty());
  Bring("m v=2\n");
  EXPECT_EQ(side_.cache.databases().Names(), std::vector<std::string>{"lines"});
}

TEST_F(LineSessionTest, ATrickleIsABatchALineNotAByte) {
  Open();
  const std::string text = "a value=1\n\"b\" value=2,s=\"x\n\ny\"\n";
  for (size_t i = 0; i < text.size(); ++i) {
    Bring(text.substr(i, 1));
    // A line is there as soon as its last byte is.
    ASSERT_EQ(Totals().points, i < 9 ? 0U : i < text.size() - 1 ? 1U : 2U) << i;
  }
  EXPECT_EQ(Totals().requests, 2U);
  EXPECT_EQ(Totals().bytes, text.size());
  EXPECT_EQ(Rejected(), 0U);
}

TEST_F(LineSessionTest, ALineIsNotSplitInAnOpenQuote) {
  Open();
  Bring("a value=1\nb value=2,s=\"one\ntwo value=3\n");
  EXPECT_EQ(Totals().points, 1U);
  Bring("three value=4\n");
  EXPECT_EQ(Totals().points, 1U);
  Bring("\"\n");
  EXPECT_EQ(Totals().points, 2U);
  EXPECT_EQ(Rejected(), 0U);
  EXPECT_THAT(side_.Scrape(), Not(HasSubstr("two")));
}

TEST_F(LineSessionTest, NorWhereABatchIsFullInAQuotedString) {
  Open();
  // The border of a batch, and of each slice, lies among the lines of the quoted string.
  std::string quoted;
  while (quoted.size() < LineSession::kBatchSizeMax) {
    quoted += "value=9 \\\"\nnot value=1\n";
  }
  const std::string head(LineSession::kBatchSizeMax / 2 - 12, 'x');
  Bring("# " + head + "\na value=1\nb value=2,s=\"" + quoted);
  EXPECT_EQ(Totals().points, 1U);
  Bring(quoted + "\"\nc value=3\n");
  EXPECT_EQ(Totals().points, 3U);
  EXPECT_EQ(Rejected(), 0U);
  EXPECT_THAT(side_.Scrape(), Not(HasSubstr("not")));
}

TEST_F(LineSessionTest, ABatchEndsThoughTheStreamIsNeverDrained) {
  Open();
  std::string lines;
  while (lines.size() < 4 * LineSession::kBatchSizeMax) {
    lines += "a value=1\n";
  }
  Send(lines);
  RunToTheFirstBatch();
  EXPECT_GT(Totals().points, 0U);
  EXPECT_LE(Totals().bytes, LineSession::kBatchSizeMax + (size_t{64} << 10));
  context_.poll();
  EXPECT_EQ(Totals().bytes, lines.size());
}

TEST_F(LineSessionTest, NorDoesItWaitForManySmallPieces) {
  Open(SOCK_SEQPACKET);
  constexpr uint64_t kPieces = 500;
  for (uint64_t i = 0; i < kPieces; ++i) {
    Send("a value=1\n");
  }
  RunToTheFirstBatch();
  EXPECT_GT(Totals().points, 0U);
  EXPECT_LE(Totals().points, LineSession::kReadsMax);
  context_.poll();
  EXPECT_EQ(Totals().points, kPieces);
}

TEST_F(LineSessionTest, TheEndOfTheStreamEndsItsLastLine) {
  Open();
  Send("a value=1\nb value=2");
  CloseSender();
  context_.poll();
  EXPECT_EQ(Totals().points, 2U);
  EXPECT_EQ(Totals().requests, 2U);
  EXPECT_EQ(Totals().bytes, 19U);
}

}  // namespace
}  // namespace fluxgate
