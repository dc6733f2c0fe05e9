#include "tests/bench/udp_write_load.h"

#include "tests/bench/sockets.h"
#include "tests/bench/steady_time.h"

#include <algorithm>
#include <array>
#include <sys/socket.h>

namespace fluxgate::bench {
namespace {

constexpr size_t kDatagramsPerCall = 32;
constexpr int64_t kPauseNs = 200'000;

void SendSome(int fd, const WritePlan& plan, uint64_t first, size_t count) {
  std::array<iovec, kDatagramsPerCall> bytes;
  std::array<mmsghdr, kDatagramsPerCall> messages{};
  for (size_t i = 0; i < count; ++i) {
    const std::string& datagram = plan.Request(first + i);
    bytes[i] = {const_cast<char*>(datagram.data()), datagram.size()};
    messages[i].msg_hdr.msg_iov = &bytes[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  sendmmsg(fd, messages.data(), static_cast<unsigned>(count), 0);
}

}  // namespace

UdpTally SendDatagrams(const std::string& endpoint, const WritePlan& plan, uint64_t first,
                       uint64_t count, double datagrams_per_s) {
  UdpTally tally;
  const Socket socket = Connect(endpoint, Transport::kUdp);
  if (!socket.is_open()) {
    tally.error = "cannot connect";
    return tally;
  }
  const int64_t start_ns = SteadyNs();
  while (tally.datagrams < count) {
    const auto due = static_cast<uint64_t>(SecondsSince(start_ns) * datagrams_per_s);
    const uint64_t late = std::min(due, count) - tally.datagrams;
    const size_t now = std::min<uint64_t>(late, kDatagramsPerCall);
    if (now == 0) {
      timespec pause{};
      pause.tv_nsec = kPauseNs;
      nanosleep(&pause, nullptr);
    } else {
      SendSome(socket.fd(), plan, first + tally.datagrams, now);
      tally.datagrams += now;
    }
  }
  tally.wall_s = SecondsSince(start_ns);
  return tally;
}

}  // namespace fluxgate::bench
