#include "bridge/runtime/healthcheck.h"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace fluxgate {
namespace {

// Answers one connection with fixed bytes and notes what it was asked.
class OneAnswer {
 public:
  explicit OneAnswer(std::string answer) : answer_(std::move(answer)) {
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(listen(listener_, 1), 0);
    socklen_t size = sizeof address;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Answer(); });
  }
  ~OneAnswer() { close(listener_); }

  std::string url(std::string_view path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
  }
  std::string request() {
    thread_.join();
    return request_;
  }

 private:
  void Answer() {
    const int connection = accept(listener_, nullptr, nullptr);
    char bytes[1000];
    const ssize_t size = recv(connection, bytes, sizeof bytes, 0);
    request_.assign(bytes, size > 0 ? static_cast<size_t>(size) : 0);
    send(connection, answer_.data(), answer_.size(), MSG_NOSIGNAL);
    close(connection);
  }

  const std::string answer_;
  std::string request_;
  int listener_ = -1;
  int port_ = 0;
  std::thread thread_;
};

TEST(CheckHealth, AsksForThePathOfTheUrl) {
  OneAnswer server("HTTP/1.1 200 OK\r\n\r\nfine");
  EXPECT_TRUE(CheckHealth(server.url("/-/ready?x=1")).ok());
  EXPECT_EQ(server.request().substr(0, 27), "GET /-/ready?x=1 HTTP/1.0\r\n");
}

TEST(CheckHealth, APathMayBeMissing) {
  OneAnswer server("HTTP/1.0 200 OK\r\n\r\n");
  EXPECT_TRUE(CheckHealth(server.url("")).ok());
  EXPECT_EQ(server.request().substr(0, 16), "GET / HTTP/1.0\r\n");
}

TEST(CheckHealth, AnythingButTwoHundredIsAFailure) {
  for (const char* answer :
       {"HTTP/1.1 503 Service Unavailable\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n", "HTTP", "",
        "200", "nonsense of more than twelve bytes"}) {
    OneAnswer server(answer);
    EXPECT_FALSE(CheckHealth(server.url("/")).ok()) << answer;
    server.request();
  }
}

TEST(CheckHealth, RefusesWhatIsNoPlainUrl) {
  for (const char* url :
       {"", "/", "127.0.0.1:9122", "https://127.0.0.1/", "http://", "http:///x", "http://a b/"}) {
    EXPECT_EQ(CheckHealth(url).code(), absl::StatusCode::kInvalidArgument) << url;
  }
}

}  // namespace
}  // namespace fluxgate
