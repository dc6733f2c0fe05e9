#include "bridge/listen/unix_socket.h"

#include <absl/strings/str_format.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <grp.h>
#include <optional>
#include <pwd.h>
#include <string_view>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace fluxgate {
namespace {

absl::Status Failure(const ListenAddress& address, std::string_view why) {
  return absl::UnavailableError(absl::StrFormat("listen unix %s: %s", address.path, why));
}

absl::Status Failure(const ListenAddress& address, int error) {
  return Failure(address, std::generic_category().message(error));
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) {
      close(fd_);
    }
  }
  int get() const { return fd_; }
  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

// Removes a socket file on which nobody listens; the reason when there is something else.
std::string_view RemoveStale(const sockaddr_un& address) {
  struct stat file{};
  if (lstat(address.sun_path, &file) != 0) {
    return {};
  }
  if (!S_ISSOCK(file.st_mode)) {
    return "there is a file that is no socket";
  }
  const Descriptor probe(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const auto* target = reinterpret_cast<const sockaddr*>(&address);
  if (connect(probe.get(), target, sizeof address) == 0 || errno != ECONNREFUSED) {
    return "address already in use";
  }
  unlink(address.sun_path);
  return {};
}

template <typename Id>
std::optional<Id> ParseId(std::string_view text) {
  Id id = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), id);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) {
    return std::nullopt;
  }
  return id;
}

// An id of all ones leaves what is there.
absl::Status SetOwner(const ListenAddress& address) {
  uid_t owner = static_cast<uid_t>(-1);
  gid_t group = static_cast<gid_t>(-1);
  if (const auto id = ParseId<uid_t>(address.owner)) {
    owner = *id;
  } else if (!address.owner.empty()) {
    const passwd* const entry = getpwnam(address.owner.c_str());
    if (entry == nullptr) {
      return Failure(address, "there is no user " + address.owner);
    }
    owner = entry->pw_uid;
  }
  if (const auto id = ParseId<gid_t>(address.group)) {
    group = *id;
  } else if (!address.group.empty()) {
    const struct group* const entry = getgrnam(address.group.c_str());
    if (entry == nullptr) {
      return Failure(address, "there is no group " + address.group);
    }
    group = entry->gr_gid;
  }
  return chown(address.path.c_str(), owner, group) == 0 ? absl::OkStatus()
                                                        : Failure(address, errno);
}

// Nobody may connect before the file has its owner and mode.
absl::Status BindAndRestrict(int fd, const sockaddr_un& name, const ListenAddress& address) {
  const bool is_restricted = address.mode || !address.owner.empty() || !address.group.empty();
  const mode_t umask_before = umask(0777);
  const mode_t mode = address.mode.value_or(0777 & ~umask_before);
  umask(is_restricted ? 0777 : umask_before);
  const int bound = bind(fd, reinterpret_cast<const sockaddr*>(&name), sizeof name);
  const int error = errno;
  umask(umask_before);
  if (bound != 0) {
    return Failure(address, error);
  }
  absl::Status status = is_restricted ? SetOwner(address) : absl::OkStatus();
  if (status.ok() && is_restricted && chmod(address.path.c_str(), mode) != 0) {
    status = Failure(address, errno);
  }
  if (status.ok() && listen(fd, SOMAXCONN) != 0) {
    status = Failure(address, errno);
  }
  if (!status.ok()) {
    unlink(address.path.c_str());
  }
  return status;
}

}  // namespace

absl::StatusOr<int> OpenUnixListener(const ListenAddress& address) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  if (address.path.size() >= sizeof name.sun_path) {
    return Failure(address, "the path is too long");
  }
  std::memcpy(name.sun_path, address.path.data(), address.path.size());
  if (const std::string_view why = RemoveStale(name); !why.empty()) {
    return Failure(address, why);
  }
  Descriptor fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (fd.get() < 0) {
    return Failure(address, errno);
  }
  if (absl::Status status = BindAndRestrict(fd.get(), name, address); !status.ok()) {
    return status;
  }
  return fd.Release();
}

UnixSocketFile::UnixSocketFile(std::string path) : path_(std::move(path)) {
  struct stat file{};
  if (lstat(path_.c_str(), &file) == 0) {
    device_ = file.st_dev;
    inode_ = file.st_ino;
  }
}

UnixSocketFile::~UnixSocketFile() {
  struct stat file{};
  if (lstat(path_.c_str(), &file) == 0 && file.st_dev == device_ && file.st_ino == inode_) {
    unlink(path_.c_str());
  }
}

}  // namespace fluxgate
