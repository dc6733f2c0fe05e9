// null_server: takes writes and answers scrapes as fast as a server can that does nothing else, as
// the limit to compare with.
//
// POST: the body is read and thrown away, 204. GET: a page made beforehand, for gzip compressed on
// the way; of any other path but /metrics, how many lines came by UDP. It prints `port N` once it
// listens and runs until it is ended.
// Threads: two, each with its share of the connections; one more for the datagrams.
#include "bridge/expose/gzip_stream.h"

#include "tests/bench/sockets.h"
#include "tests/bench/tsbs_fleet.h"

#include <CLI/CLI.hpp>
#include <absl/strings/ascii.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <thread>

namespace fluxgate::bench {
namespace {

constexpr size_t kReadSize = size_t{256} << 10;
constexpr size_t kPieceSize = size_t{64} << 10;
constexpr size_t kHeadSizeMax = size_t{64} << 10;
constexpr int kDatagramBufferSize = 4 << 20;  // asked for; the system may give less

struct Shared {
  std::string page;
  std::atomic<uint64_t> udp_lines{0};
};

// One connection: reads a request, then writes its response.
class Session {
 public:
  Session(Socket socket, Shared* shared) : socket_(std::move(socket)), shared_(shared) {}

  int fd() const { return socket_.fd(); }

  // Goes on as far as the socket allows; false when the connection is done for.
  bool Serve(char* buffer) { return is_writing() ? Write() : Read(buffer); }

  bool is_writing() const { return !pending_.empty() || !rest_.empty() || gzip_; }

 private:
  bool Read(char* buffer) {
    const ssize_t size = recv(fd(), buffer, kReadSize, 0);
    if (size <= 0) {
      return size < 0 && errno == EAGAIN;
    }
    std::string_view bytes(buffer, static_cast<size_t>(size));
    while (!bytes.empty()) {
      bytes.remove_prefix(in_body_ ? 0 : TakeHead(bytes));
      const size_t of_body = std::min<uint64_t>(bytes.size(), body_left_);
      body_left_ -= of_body;
      bytes.remove_prefix(of_body);
      if (in_body_ && body_left_ == 0) {
        in_body_ = false;
        pending_ = "HTTP/1.1 204 No Content\r\n\r\n";
      }
    }
    return head_.size() <= kHeadSizeMax && (!is_writing() || Write());
  }

  size_t TakeHead(std::string_view bytes) {
    const size_t before = head_.size();
    head_.append(bytes);
    const size_t end = head_.find("\r\n\r\n");
    if (end == std::string::npos) {
      return bytes.size();
    }
    head_.resize(end + 4);
    const size_t taken = head_.size() - before;
    absl::AsciiStrToLower(&head_);
    if (head_.starts_with("post ")) {
      const size_t length = head_.find("\r\ncontent-length: ");
      body_left_ =
          length == std::string::npos ? 0 : std::strtoull(&head_[length + 18], nullptr, 10);
      in_body_ = true;
    } else {
      Answer();
    }
    head_.clear();
    return taken;
  }

  void Answer() {
    if (!head_.starts_with("get /metrics ")) {
      const std::string page = absl::StrFormat("null_server_lines_total %d\n", shared_->udp_lines);
      pending_ =
          absl::StrFormat("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", page.size(), page);
    } else if (head_.find("\r\naccept-encoding: gzip") != std::string::npos) {
      pending_ = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n";
      rest_ = shared_->page;
      gzip_ = std::make_unique<GzipStream>();
    } else {
      pending_ =
          absl::StrFormat("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", shared_->page.size());
      rest_ = shared_->page;
    }
  }

  // Compresses until there is a piece to send, or the page is at its end.
  void FillPending() {
    compressed_.clear();
    while (gzip_ && compressed_.size() < kPieceSize) {
      const std::string_view piece = rest_.substr(0, kPieceSize);
      rest_.remove_prefix(piece.size());
      gzip_->Append(piece, rest_.empty(), &compressed_);
      if (rest_.empty()) {
        gzip_.reset();
      }
    }
    pending_ = absl::StrFormat("%x\r\n%s\r\n%s", compressed_.size(), compressed_,
                               gzip_ ? "" : "0\r\n\r\n");
  }

  bool Write() {
    if (pending_.empty() && gzip_) {
      FillPending();
    }
    const bool is_plain = pending_.empty();
    const std::string_view bytes = is_plain ? rest_ : pending_;
    const ssize_t sent = send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) {
      return errno == EAGAIN;
    }
    if (is_plain) {
      rest_.remove_prefix(static_cast<size_t>(sent));
    } else {
      pending_.erase(0, static_cast<size_t>(sent));
    }
    return true;
  }

  Socket socket_;
  Shared* shared_;
  std::string head_;
  uint64_t body_left_ = 0;
  bool in_body_ = false;
  std::string pending_;    // to be sent first
  std::string_view rest_;  // then this, compressed if there is a compressor
  std::unique_ptr<GzipStream> gzip_;
  std::string compressed_;
};

// Serves its share of the connections, for ever.
class Worker {
 public:
  explicit Worker(Shared* shared) : shared_(shared), epoll_(epoll_create1(EPOLL_CLOEXEC)) {}

  // Thread: safe.
  void Adopt(Socket socket) {
    SetNonBlocking(socket.fd());
    auto* session = new Session(std::move(socket), shared_);
    Watch(EPOLL_CTL_ADD, session);
  }

  void Run() {
    const auto buffer = std::make_unique_for_overwrite<char[]>(kReadSize);
    std::array<epoll_event, 64> ready;
    for (;;) {
      const int count = epoll_wait(epoll_.fd(), ready.data(), static_cast<int>(ready.size()), -1);
      for (int i = 0; i < count; ++i) {
        Serve(static_cast<Session*>(ready[static_cast<size_t>(i)].data.ptr), buffer.get());
      }
    }
  }

 private:
  void Serve(Session* session, char* buffer) {
    const bool was_writing = session->is_writing();
    if (!session->Serve(buffer)) {
      delete session;
    } else if (session->is_writing() != was_writing) {
      Watch(EPOLL_CTL_MOD, session);
    }
  }

  void Watch(int operation, Session* session) {
    epoll_event interest{};
    interest.events = session->is_writing() ? EPOLLOUT : EPOLLIN;
    interest.data.ptr = session;
    epoll_ctl(epoll_.fd(), operation, session->fd(), &interest);
  }

  Shared* shared_;
  Socket epoll_;
};

void CountDatagrams(const Socket& socket, Shared* shared) {
  const auto buffer = std::make_unique_for_overwrite<char[]>(kReadSize);
  for (;;) {
    const ssize_t size = recv(socket.fd(), buffer.get(), kReadSize, 0);
    if (size > 0) {
      shared->udp_lines +=
          static_cast<uint64_t>(std::count(buffer.get(), buffer.get() + size, '\n'));
    }
  }
}

int Run(int argc, char** argv) {
  std::string address = "127.0.0.1:0";
  uint32_t tag_sets = 0;
  bool doubles = false;
  CLI::App app("Does nothing, as fast as possible.");
  app.add_option("--listen", address, "ADDRESS:PORT, for HTTP and UDP");
  app.add_option("--tag-sets", tag_sets, "hosts on the page that a scrape gets")
      ->check(CLI::Range(0, 10'000'000));
  app.add_flag("--doubles", doubles, "doubles, not integers");
  CLI11_PARSE(app, argc, argv);

  Shared shared;
  AppendTsbsPage(tag_sets, 0, doubles ? ValueKind::kDouble : ValueKind::kInteger, &shared.page);
  const Socket listener = Listen(address, Transport::kTcp);
  if (!listener.is_open()) {
    return 1;
  }
  const std::string host = address.substr(0, address.rfind(':'));
  const Socket datagrams =
      Listen(absl::StrFormat("%s:%d", host, LocalPort(listener)), Transport::kUdp);
  if (!datagrams.is_open()) {
    return 1;
  }
  setsockopt(datagrams.fd(), SOL_SOCKET, SO_RCVBUF, &kDatagramBufferSize,
             sizeof(kDatagramBufferSize));
  std::array<Worker, 2> workers = {Worker(&shared), Worker(&shared)};
  std::array<std::thread, 3> threads = {
      std::thread([&workers] { workers[0].Run(); }), std::thread([&workers] { workers[1].Run(); }),
      std::thread([&datagrams, &shared] { CountDatagrams(datagrams, &shared); })};
  std::printf("port %d\n", LocalPort(listener));
  std::fflush(stdout);
  for (size_t turn = 0;; ++turn) {
    Socket accepted(accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC));
    if (accepted.is_open()) {
      workers[turn % workers.size()].Adopt(std::move(accepted));
    }
  }
}

}  // namespace
}  // namespace fluxgate::bench

int main(int argc, char** argv) {
  return fluxgate::bench::Run(argc, argv);
}
