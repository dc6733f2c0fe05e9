#include "bridge/listen/udp_listener.h"

#include "bridge/listen/listen_socket.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>
#include <sys/socket.h>
#include <utility>

namespace fluxgate {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr int kReceiveBufferSize = 4 << 20;
constexpr size_t kDatagramSizeMax = size_t{64} << 10;
// Calls of recvmmsg before the event loop is looked at again.
constexpr int kCallsPerTurn = 16;
// Turns at the end: enough for a full receive buffer, not for a sender that never stops.
constexpr int kLastTurns = 16;

// The senders and contents of up to kDatagramsPerCall datagrams.
class DatagramBatch {
 public:
  DatagramBatch() : bytes_(std::make_unique_for_overwrite<char[]>(kCount * kDatagramSizeMax)) {}

  // Receives what is there without waiting; returns the number of datagrams.
  size_t Receive(int fd);

  std::string_view bytes(size_t index) const {
    return {bytes_.get() + index * kDatagramSizeMax, headers_[index].msg_len};
  }
  const sockaddr_storage& sender(size_t index) const { return senders_[index]; }

  // What the kernel says it has lost since the socket was made; nullopt when it says nothing.
  std::optional<uint32_t> LostCount(size_t index) const;

 private:
  static constexpr size_t kCount = UdpListener::kDatagramsPerCall;
  using Control = std::array<char, CMSG_SPACE(sizeof(uint32_t))>;

  std::unique_ptr<char[]> bytes_;
  std::array<mmsghdr, kCount> headers_{};
  std::array<iovec, kCount> pieces_{};
  std::array<sockaddr_storage, kCount> senders_{};
  alignas(cmsghdr) std::array<Control, kCount> controls_{};
};

size_t DatagramBatch::Receive(int fd) {
  for (size_t index = 0; index < kCount; ++index) {
    pieces_[index] = {bytes_.get() + index * kDatagramSizeMax, kDatagramSizeMax};
    msghdr& header = headers_[index].msg_hdr;
    header.msg_name = &senders_[index];
    header.msg_namelen = sizeof senders_[index];
    header.msg_iov = &pieces_[index];
    header.msg_iovlen = 1;
    header.msg_control = controls_[index].data();
    header.msg_controllen = controls_[index].size();
  }
  const int count = recvmmsg(fd, headers_.data(), kCount, MSG_DONTWAIT, nullptr);
  return count > 0 ? static_cast<size_t>(count) : 0;
}

std::optional<uint32_t> DatagramBatch::LostCount(size_t index) const {
  msghdr header = headers_[index].msg_hdr;
  for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SO_RXQ_OVFL) {
      uint32_t lost = 0;
      std::memcpy(&lost, CMSG_DATA(part), sizeof lost);
      return lost;
    }
  }
  return std::nullopt;
}

}  // namespace

class UdpListener::Impl {
 public:
  Impl(const LineListenOptions& options, Ingest* ingest, const Clock* clock,
       asio::io_context* context, TaskGroup* group)
      : options_(options), ingest_(ingest), clock_(clock), group_(group), socket_(*context) {}

  absl::Status Listen();
  void Start();
  void Stop();
  const std::string& address() const { return address_; }
  uint64_t datagram_count() const { return datagrams_.load(std::memory_order_relaxed); }
  uint64_t lost_count() const { return lost_.load(std::memory_order_relaxed); }

 private:
  void Wait();
  // Takes up to kCallsPerTurn calls' worth of datagrams; whether there may be more.
  bool TakeWaiting();
  void Take(size_t count);
  std::string_view PeerText(const sockaddr_storage& sender);

  const LineListenOptions options_;
  Ingest* const ingest_;
  const Clock* const clock_;
  TaskGroup* const group_;
  asio::ip::udp::socket socket_;
  std::string address_;
  DatagramBatch batch_;
  std::optional<TaskGroup::Task> task_;
  sockaddr_storage last_sender_{};
  std::string last_peer_;
  std::atomic<uint64_t> datagrams_{0};
  std::atomic<uint64_t> lost_{0};
};

absl::Status UdpListener::Impl::Listen() {
  absl::StatusOr<ListenSocket> socket = OpenUdpSocket(options_.address, kReceiveBufferSize);
  if (!socket.ok()) {
    return socket.status();
  }
  address_ = socket->Address();
  const int enabled = 1;
  setsockopt(socket->fd(), SOL_SOCKET, SO_RXQ_OVFL, &enabled, sizeof enabled);
  error_code error;
  socket_.assign(socket->family() == AF_INET6 ? asio::ip::udp::v6() : asio::ip::udp::v4(),
                 socket->fd(), error);
  if (error) {
    return absl::UnavailableError(error.message());
  }
  socket->Release();
  return absl::OkStatus();
}

void UdpListener::Impl::Start() {
  task_.emplace(group_);
  Wait();
}

void UdpListener::Impl::Stop() {
  asio::post(socket_.get_executor(), [this] {
    for (int turn = 0; turn < kLastTurns && TakeWaiting(); ++turn) {
    }
    error_code ignored;
    socket_.close(ignored);
    task_.reset();
  });
}

void UdpListener::Impl::Wait() {
  socket_.async_wait(asio::ip::udp::socket::wait_read, [this](const error_code& error) {
    if (!error) {
      TakeWaiting();
      Wait();
    }
  });
}

bool UdpListener::Impl::TakeWaiting() {
  for (int call = 0; call < kCallsPerTurn; ++call) {
    const size_t count = batch_.Receive(socket_.native_handle());
    if (count == 0) {
      return false;
    }
    Take(count);
  }
  return true;
}

void UdpListener::Impl::Take(size_t count) {
  const Now now = clock_->Read();
  for (size_t index = 0; index < count; ++index) {
    ingest_->TakeDatagram(batch_.bytes(index), options_.params, PeerText(batch_.sender(index)),
                          now);
  }
  datagrams_.fetch_add(count, std::memory_order_relaxed);
  if (const auto lost = batch_.LostCount(count - 1)) {
    lost_.store(*lost, std::memory_order_relaxed);
  }
}

// Datagrams come in runs from the same sender.
std::string_view UdpListener::Impl::PeerText(const sockaddr_storage& sender) {
  if (last_peer_.empty() || std::memcmp(&sender, &last_sender_, sizeof sender) != 0) {
    last_sender_ = sender;
    last_peer_ = FormatAddress(sender);
  }
  return last_peer_;
}

UdpListener::UdpListener(const LineListenOptions& options, Ingest* ingest, const Clock* clock,
                         asio::io_context* context, TaskGroup* group)
    : impl_(std::make_unique<Impl>(options, ingest, clock, context, group)) {}
UdpListener::~UdpListener() = default;

absl::Status UdpListener::Listen() {
  return impl_->Listen();
}
std::string UdpListener::address() const {
  return impl_->address();
}
void UdpListener::Start() {
  impl_->Start();
}
void UdpListener::Stop() {
  impl_->Stop();
}
uint64_t UdpListener::datagram_count() const {
  return impl_->datagram_count();
}
uint64_t UdpListener::lost_count() const {
  return impl_->lost_count();
}

}  // namespace fluxgate
