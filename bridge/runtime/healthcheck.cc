#include "bridge/runtime/healthcheck.h"

#include <absl/status/statusor.h>
#include <absl/strings/str_format.h>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <netdb.h>
#include <string>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>

namespace fluxgate {
namespace {

constexpr int kSecondsMax = 5;
constexpr std::string_view kUnixPrefix = "unix:";
constexpr size_t kAnswerSize = std::string_view("HTTP/1.1 200").size();

struct Target {
  std::string host;
  std::string port;
  std::string path;
  std::string socket_path{};  // not empty: of a unix socket
};

absl::StatusOr<Target> ParseTarget(std::string_view url) {
  if (url.starts_with(kUnixPrefix)) {
    url.remove_prefix(kUnixPrefix.size());
    const size_t mark = std::min(url.find('?'), url.size());
    return Target{.host = "localhost",
                  .port = {},
                  .path = std::string(url.substr(std::min(mark + 1, url.size()))),
                  .socket_path = std::string(url.substr(0, mark))};
  }
  const auto parsed = boost::urls::parse_uri(boost::urls::string_view(url.data(), url.size()));
  if (!parsed || parsed->scheme() != "http" || parsed->host().empty()) {
    return absl::InvalidArgumentError(
        absl::StrFormat("\"%s\" is not a URL (such as http://127.0.0.1:9122/-/ready)", url));
  }
  Target target;
  target.host = parsed->host_address();
  target.port = parsed->has_port() ? std::string(parsed->port()) : "80";
  const auto resource = parsed->encoded_resource();
  target.path.assign(resource.data(), resource.size());
  if (!target.path.starts_with('/')) {
    target.path.insert(0, "/");
  }
  return target;
}

absl::Status Failure(std::string_view what, std::string_view why) {
  return absl::UnavailableError(absl::StrFormat("%s: %s", what, why));
}

std::string ErrorText() {
  return errno == EAGAIN || errno == EINPROGRESS ? "timed out"
                                                 : std::generic_category().message(errno);
}

// A connection, closed with its owner.
class Connection {
 public:
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { Close(); }

  absl::Status Open(const Target& target);
  bool Send(std::string_view bytes);
  // The first bytes of the answer, at least `size` unless it ends before.
  std::string Receive(size_t size);

 private:
  absl::Status OpenUnix(const std::string& path);
  void SetTimeouts() const;
  void Close() {
    if (fd_ >= 0) {
      close(fd_);
    }
    fd_ = -1;
  }

  int fd_ = -1;
};

absl::Status Connection::OpenUnix(const std::string& path) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  path.copy(name.sun_path, sizeof name.sun_path - 1);
  fd_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  SetTimeouts();
  const auto* address = reinterpret_cast<const sockaddr*>(&name);
  return connect(fd_, address, sizeof name) == 0 ? absl::OkStatus()
                                                 : Failure("connect", ErrorText());
}

void Connection::SetTimeouts() const {
  const timeval timeout{kSecondsMax, 0};
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
}

absl::Status Connection::Open(const Target& target) {
  if (!target.socket_path.empty()) {
    return OpenUnix(target.socket_path);
  }
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(target.host.c_str(), target.port.c_str(), &hints, &found);
  if (error != 0) {
    return Failure(target.host, gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    Close();
    fd_ = socket(each->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    SetTimeouts();
    if (fd_ >= 0 && connect(fd_, each->ai_addr, each->ai_addrlen) == 0) {
      return absl::OkStatus();
    }
  }
  return Failure("connect", ErrorText());
}

bool Connection::Send(std::string_view bytes) {
  return send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
}

std::string Connection::Receive(size_t size) {
  std::string answer(size, '\0');
  const ssize_t received = recv(fd_, answer.data(), size, MSG_WAITALL);
  answer.resize(received > 0 ? static_cast<size_t>(received) : 0);
  return answer;
}

}  // namespace

absl::Status CheckHealth(std::string_view url) {
  const absl::StatusOr<Target> target = ParseTarget(url);
  if (!target.ok()) {
    return target.status();
  }
  Connection connection;
  if (absl::Status status = connection.Open(*target); !status.ok()) {
    return status;
  }
  const std::string request = absl::StrFormat("GET %s HTTP/1.0\r\nHost: %s:%s\r\n\r\n",
                                              target->path, target->host, target->port);
  if (!connection.Send(request)) {
    return Failure("send", ErrorText());
  }
  const std::string answer = connection.Receive(kAnswerSize);
  if (answer.size() < kAnswerSize || !answer.starts_with("HTTP/1.")) {
    return Failure("receive", "no answer in HTTP");
  }
  const std::string_view status = std::string_view(answer).substr(kAnswerSize - 3);
  return status == "200" ? absl::OkStatus() : Failure("not ready, status", status);
}

}  // namespace fluxgate
