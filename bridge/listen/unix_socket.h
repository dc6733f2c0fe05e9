// Opens unix sockets to listen on, and removes their files.
//
// A file that a process left behind, so that nobody listens on it, is replaced; one that somebody
// listens on, and any other kind of file, is an error.
// Errors: as `listen unix /run/x.sock: address already in use`.
// Thread: compatible; opening sets the process's umask for a moment.
// Spec: unix(7).
#pragma once

#include "bridge/listen/listen_options.h"

#include <absl/status/statusor.h>

#include <string>
#include <sys/types.h>

namespace fluxgate {

// A listening socket, whose file has the mode, owner and group that `address` names.
absl::StatusOr<int> OpenUnixListener(const ListenAddress& address);

// Removes the file when it ends, if it is still the one that was there when it began.
class UnixSocketFile {
 public:
  explicit UnixSocketFile(std::string path);
  UnixSocketFile(const UnixSocketFile&) = delete;
  UnixSocketFile& operator=(const UnixSocketFile&) = delete;
  ~UnixSocketFile();

 private:
  const std::string path_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace fluxgate
