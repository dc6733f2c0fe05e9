#include "bridge/listen/http_session.h"

#include "tests/bridge/ingest/gzip_reference.h"
#include "tests/bridge/ingest/write_feeder.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace fluxgate {
namespace {

using testing::StartsWith;

// A client's end of a connection.
class Client {
 public:
  explicit Client(int fd) : fd_(fd) {}
  Client(Client&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Client& operator=(Client&&) = delete;
  ~Client() { Close(); }

  void Close() {
    if (fd_ >= 0) {
      close(std::exchange(fd_, -1));
    }
  }

  void Send(std::string_view text) const {
    ASSERT_EQ(send(fd_, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }

  // What has come so far.
  std::string Receive() const {
    std::string text(10'000, '\0');
    const ssize_t size = recv(fd_, text.data(), text.size(), MSG_DONTWAIT);
    text.resize(size > 0 ? static_cast<size_t>(size) : 0);
    return text;
  }

 private:
  int fd_;
};

// A clock of which each look takes some time.
class SteppingClock final : public Clock {
 public:
  Now Read() const override {
    wall_ns_ += step_ns;
    return {wall_ns_, 0};
  }

  int64_t step_ns = 0;

 private:
  mutable int64_t wall_ns_ = 1'700'000'000'000'000'000;
};

// Sessions of one io thread, which runs handler by handler, when the test says so.
class HttpSessionTest : public testing::Test {
 protected:
  ~HttpSessionTest() override { context_.poll(); }

  Client Connect() {
    std::array<int, 2> ends{};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
    StreamSocket socket(context_.get_executor());
    socket.assign(boost::asio::generic::stream_protocol(AF_UNIX, 0), ends[1]);
    sessions_.push_back(std::make_unique<HttpSession>(
        std::move(socket), SessionSurroundings{&service_, &renderer_, &list_, false}));
    boost::asio::co_spawn(context_, sessions_.back()->Serve(), boost::asio::detached);
    return Client(ends[0]);
  }

  // Sends a request whose body becomes large, and asks for something small on another connection
  // when its lines begin to be stored.
  void ExpectTurns(std::string_view head, std::string_view body) {
    Client large = Connect();
    Client small = Connect();
    context_.poll();
    large.Send(std::string(head) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n");
    large.Send(body);
    int stored = 0;
    bool is_answered = false;
    for (int step = 0; stored < kBlocks - 1 && step < 100'000; ++step) {
      context_.poll_one();
      const int now_stored = Stored();
      EXPECT_LE(now_stored - stored, kBlocksOfTurn) << "at step " << step;
      if (stored == 0 && now_stored > 0) {
        small.Send("GET /ping HTTP/1.1\r\nHost: a\r\n\r\n");
      }
      stored = now_stored;
      if (!is_answered && !small.Receive().empty()) {
        is_answered = true;
        EXPECT_LT(stored, kBlocks / 2);
        EXPECT_EQ(large.Receive(), "");
      }
    }
    EXPECT_TRUE(is_answered);
    context_.poll();
    EXPECT_THAT(large.Receive(), StartsWith("HTTP/1.1 20"));
    EXPECT_EQ(Stored(), kBlocks);
    large.Close();
    small.Close();
  }

  // The number of the last block of which a line is stored.
  int Stored() {
    const std::string text = side_.Scrape();
    constexpr std::string_view kSample = "\na ";
    const size_t found = text.find(kSample);
    return found == std::string::npos ? 0 : std::atoi(text.c_str() + found + kSample.size());
  }

  // Lines that say to which block of 32 KiB they belong; compressed it is hardly anything.
  static std::string Blocks() {
    std::string text;
    for (int block = 1; block <= kBlocks; ++block) {
      const std::string line = "a value=" + std::to_string(block) + "\n";
      for (size_t size = 0; size < size_t{32} << 10; size += line.size()) {
        text += line;
      }
    }
    return text;
  }

  static constexpr int kBlocks = 300;
  // A handler may end one turn and begin another; without turns it would take a hundred.
  static constexpr int kBlocksOfTurn = 20;

  SteppingClock clock_;
  WriteSide side_;
  Health health_{{}, side_.clock.Read()};
  Exposer exposer_{{}, &side_.cache, [](const Now&) { return std::vector<prom::MetricFamily>(); }};
  HttpService service_{{},
                       {.ingest = &side_.ingest,
                        .exposer = &exposer_,
                        .own_exposer = &exposer_,
                        .health = &health_,
                        .clock = &clock_,
                        .landing_page = {},
                        .on_scrape = [](const ScrapeTotals&) {}}};
  ReplyRenderer renderer_{"1.8.10", 1};
  boost::asio::io_context context_;
  SessionList list_{&context_};
  std::vector<std::unique_ptr<HttpSession>> sessions_;
};

TEST_F(HttpSessionTest, ACompressedWriteLeavesOthersTheirTurn) {
  ExpectTurns("POST /write?db=d HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\n",
              ReferenceGzip(Blocks(), {}, 9));
}

TEST_F(HttpSessionTest, SoDoesACompressedUpload) {
  ExpectTurns("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\n",
              ReferenceGzip(Blocks(), {}, 9));
}

TEST_F(HttpSessionTest, AndAnUploadOfACompressedFile) {
  ExpectTurns("POST /upload HTTP/1.1\r\nHost: a\r\n", ReferenceGzip(Blocks(), {}, 9));
}

TEST_F(HttpSessionTest, AndAFormWithOne) {
  ExpectTurns(
      "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=B\r\n",
      "--B\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\n" + ReferenceGzip(Blocks(), {}, 9) +
          "\r\n--B--\r\n");
}

TEST_F(HttpSessionTest, RequestsThatComeAtOnceLeaveOthersTheirTurn) {
  constexpr int kRequests = 1000;
  clock_.step_ns = 50'000;
  Client many = Connect();
  Client one = Connect();
  context_.poll();
  const std::string ping = "GET /ping HTTP/1.1\r\nHost: a\r\n\r\n";
  std::string requests;
  for (int i = 0; i < kRequests; ++i) {
    requests += ping;
  }
  many.Send(requests);
  one.Send(ping);
  std::string replies;
  const auto replied = [&replies] {
    int count = 0;
    for (size_t at = 0; (at = replies.find("HTTP/1.1 204", at)) != std::string::npos; ++at) {
      ++count;
    }
    return count;
  };
  std::string answer;
  for (int step = 0; answer.empty() && step < 10'000; ++step) {
    context_.poll_one();
    replies += many.Receive();
    answer = one.Receive();
  }
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 204"));
  EXPECT_LT(replied(), kRequests / 2);
  for (int step = 0; replied() < kRequests && step < 10'000; ++step) {
    context_.poll();
    replies += many.Receive();
  }
  EXPECT_EQ(replied(), kRequests);
  many.Close();
  one.Close();
}

}  // namespace
}  // namespace fluxgate
