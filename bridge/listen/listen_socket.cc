#include "bridge/listen/listen_socket.h"

#include "bridge/listen/unix_socket.h"

#include <absl/strings/str_format.h>

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <memory>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace fluxgate {
namespace {

// An address to try, in the order of preference.
struct Candidate {
  sockaddr_storage address{};
  socklen_t size = 0;
};

std::string ErrorText(int error) {
  return std::generic_category().message(error);
}

absl::Status ListenError(std::string_view network, const ListenAddress& address,
                         std::string_view why) {
  std::string text(why);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') {
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  }
  return absl::UnavailableError(
      absl::StrFormat("listen %s %s: %s", network, FormatAddress(address), text));
}

Candidate AnyAddress(int family, uint16_t port) {
  Candidate candidate;
  if (family == AF_INET6) {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(port);
    candidate.size = sizeof address;
    std::memcpy(&candidate.address, &address, sizeof address);
  } else {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    candidate.size = sizeof address;
    std::memcpy(&candidate.address, &address, sizeof address);
  }
  return candidate;
}

// The addresses of a host, IPv4 first as Go has it. Not empty when `why` is.
std::vector<Candidate> Resolve(const ListenAddress& address, int type, std::string* why) {
  addrinfo hints{};
  hints.ai_socktype = type;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const std::string port = absl::StrFormat("%d", address.port);
  const int error = getaddrinfo(address.host.c_str(), port.c_str(), &hints, &found);
  if (error != 0) {
    *why = gai_strerror(error);
    return {};
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
  std::vector<Candidate> candidates;
  for (const int family : {AF_INET, AF_INET6}) {
    for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
      if (each->ai_family == family) {
        Candidate candidate;
        candidate.size = each->ai_addrlen;
        std::memcpy(&candidate.address, each->ai_addr, each->ai_addrlen);
        candidates.push_back(candidate);
      }
    }
  }
  return candidates;
}

void SetOption(int fd, int level, int name, int value) {
  setsockopt(fd, level, name, &value, sizeof value);
}

bool MeansNoIpv6(int error) {
  return error == EAFNOSUPPORT || error == EADDRNOTAVAIL;
}

bool IsIpv6Wildcard(const sockaddr_storage& address) {
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  return address.ss_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&v6.sin6_addr);
}

bool IsGroup(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    return IN_MULTICAST(ntohl(v4.sin_addr.s_addr));
  }
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  return address.ss_family == AF_INET6 && IN6_IS_ADDR_MULTICAST(&v6.sin6_addr);
}

// The interface that an address of IPv6 holds for itself (`%eth0`); 0 where it names none.
uint32_t ScopeOf(const sockaddr_storage& address) {
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  return address.ss_family == AF_INET6 ? v6.sin6_scope_id : 0;
}

// Puts the interface into an address of IPv6: a link-local one means nothing without. Returns an
// errno.
int SetScope(const std::string& network_interface, sockaddr_storage* address) {
  if (network_interface.empty()) {
    return 0;
  }
  const uint32_t index = if_nametoindex(network_interface.c_str());
  if (index == 0) {
    return ENODEV;
  }
  const uint32_t scope = ScopeOf(*address);
  if (scope != 0 && scope != index) {
    return EINVAL;  // the address names another one
  }
  if (address->ss_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, address, sizeof v6);
    v6.sin6_scope_id = index;
    std::memcpy(address, &v6, sizeof v6);
  }
  return 0;
}

// Joins the group that the socket is bound to, if it is one; returns an errno.
int JoinGroup(int fd, const std::string& network_interface) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  if (!IsGroup(address)) {
    return 0;
  }
  group_req request{};
  // SetScope has found it.
  request.gr_interface =
      network_interface.empty() ? ScopeOf(address) : if_nametoindex(network_interface.c_str());
  std::memcpy(&request.gr_group, &address, sizeof address);
  const int level = address.ss_family == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP;
  return setsockopt(fd, level, MCAST_JOIN_GROUP, &request, sizeof request) == 0 ? 0 : errno;
}

// Opens and binds; on failure sets `error`.
ListenSocket Bind(const Candidate& candidate, int type, int* error) {
  const int family = candidate.address.ss_family;
  ListenSocket socket(::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), family);
  if (socket.fd() < 0) {
    *error = errno;
    return socket;
  }
  if (family == AF_INET6) {
    // The wildcard takes IPv4 too, as in Go, whatever the system's default is.
    SetOption(socket.fd(), IPPROTO_IPV6, IPV6_V6ONLY, IsIpv6Wildcard(candidate.address) ? 0 : 1);
  }
  // Several may listen to one group.
  if (type == SOCK_STREAM || IsGroup(candidate.address)) {
    SetOption(socket.fd(), SOL_SOCKET, SO_REUSEADDR, 1);
  }
  const auto* address = reinterpret_cast<const sockaddr*>(&candidate.address);
  *error = bind(socket.fd(), address, candidate.size) == 0 ? 0 : errno;
  return socket;
}

absl::StatusOr<ListenSocket> Open(std::string_view network, const ListenAddress& address,
                                  int type) {
  int error = 0;
  if (address.host.empty()) {
    ListenSocket both = Bind(AnyAddress(AF_INET6, address.port), type, &error);
    if (error == 0) {
      return both;
    }
    if (!MeansNoIpv6(error)) {
      return ListenError(network, address, ErrorText(error));
    }
  }
  std::string why;
  const std::vector<Candidate> candidates = address.host.empty()
                                                ? std::vector{AnyAddress(AF_INET, address.port)}
                                                : Resolve(address, type, &why);
  if (candidates.empty()) {
    return ListenError(network, address, why);
  }
  Candidate first = candidates.front();
  error = SetScope(address.network_interface, &first.address);
  if (error != 0) {
    return ListenError(network, address, ErrorText(error));
  }
  ListenSocket socket = Bind(first, type, &error);
  if (error != 0) {
    return ListenError(network, address, ErrorText(error));
  }
  return socket;
}

}  // namespace

ListenSocket::~ListenSocket() {
  if (fd_ >= 0) {
    close(fd_);
  }
}

std::string ListenSocket::Address() const {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
  return FormatAddress(address);
}

absl::StatusOr<ListenSocket> OpenStreamListener(const ListenAddress& address) {
  if (address.is_unix()) {
    absl::StatusOr<int> fd = OpenUnixListener(address);
    if (!fd.ok()) {
      return fd.status();
    }
    return ListenSocket(*fd, AF_UNIX);
  }
  absl::StatusOr<ListenSocket> socket = Open("tcp", address, SOCK_STREAM);
  if (socket.ok() && listen(socket->fd(), SOMAXCONN) != 0) {
    return ListenError("tcp", address, ErrorText(errno));
  }
  return socket;
}

absl::StatusOr<ListenSocket> OpenUdpSocket(const ListenAddress& address, int receive_buffer_size) {
  absl::StatusOr<ListenSocket> socket = Open("udp", address, SOCK_DGRAM);
  if (!socket.ok()) {
    return socket;
  }
  SetOption(socket->fd(), SOL_SOCKET, SO_RCVBUF, receive_buffer_size);
  if (const int error = JoinGroup(socket->fd(), address.network_interface); error != 0) {
    return ListenError("udp", address, ErrorText(error));
  }
  return socket;
}

std::string FormatAddress(const sockaddr_storage& address) {
  if (address.ss_family == AF_UNIX) {
    return "unix";
  }
  char host[INET6_ADDRSTRLEN] = "?";
  if (address.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    inet_ntop(AF_INET, &v4.sin_addr, host, sizeof host);
    return absl::StrFormat("%s:%d", host, ntohs(v4.sin_port));
  }
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
    inet_ntop(AF_INET, &v6.sin6_addr.s6_addr[12], host, sizeof host);
    return absl::StrFormat("%s:%d", host, ntohs(v6.sin6_port));
  }
  inet_ntop(AF_INET6, &v6.sin6_addr, host, sizeof host);
  char scope[IF_NAMESIZE + 1] = "%";
  const bool has_scope = v6.sin6_scope_id != 0 && if_indextoname(v6.sin6_scope_id, scope + 1);
  return absl::StrFormat("[%s%s]:%d", host, has_scope ? scope : "", ntohs(v6.sin6_port));
}

std::string FormatAddress(const ListenAddress& address) {
  if (address.is_unix()) {
    return "unix:" + address.path;
  }
  const bool is_ipv6 = address.host.find(':') != std::string::npos;
  return is_ipv6 ? absl::StrFormat("[%s]:%d", address.host, address.port)
                 : absl::StrFormat("%s:%d", address.host, address.port);
}

}  // namespace fluxgate
