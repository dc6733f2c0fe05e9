#include "bridge/listen/unix_socket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace fluxgate {
namespace {

using testing::HasSubstr;

class UnixSocketTest : public testing::Test {
 protected:
  UnixSocketTest() {
    std::string name = testing::TempDir() + "unix_socketXXXXXX";
    folder_ = mkdtemp(name.data());
    address_.path = folder_ + "/x.sock";
  }
  ~UnixSocketTest() override {
    unlink(address_.path.c_str());
    rmdir(folder_.c_str());
  }

  mode_t Mode() const {
    struct stat file{};
    return lstat(address_.path.c_str(), &file) == 0 ? file.st_mode & 0777U : 0;
  }

  std::string folder_;
  ListenAddress address_;
};

TEST_F(UnixSocketTest, HasItsMode) {
  address_.mode = 0640;
  const auto fd = OpenUnixListener(address_);
  ASSERT_TRUE(fd.ok());
  EXPECT_EQ(Mode(), 0640U);
  close(*fd);
}

TEST_F(UnixSocketTest, LeavesTheUmaskAsItWas) {
  const mode_t before = umask(027);
  const auto fd = OpenUnixListener(address_);
  ASSERT_TRUE(fd.ok());
  EXPECT_EQ(Mode(), 0750U);
  EXPECT_EQ(umask(before), 027U);
  close(*fd);
}

TEST_F(UnixSocketTest, ReplacesWhatNobodyListensOn) {
  close(*OpenUnixListener(address_));
  const auto fd = OpenUnixListener(address_);
  ASSERT_TRUE(fd.ok());
  EXPECT_THAT(std::string(OpenUnixListener(address_).status().message()),
              HasSubstr("address already in use"));
  close(*fd);
}

TEST_F(UnixSocketTest, LeavesOtherFilesAlone) {
  close(open(address_.path.c_str(), O_CREAT | O_WRONLY, 0600));
  EXPECT_THAT(std::string(OpenUnixListener(address_).status().message()), HasSubstr("no socket"));
  EXPECT_EQ(Mode(), 0600U);
}

TEST_F(UnixSocketTest, FailureLeavesNoFile) {
  address_.owner = "no such user";
  EXPECT_THAT(std::string(OpenUnixListener(address_).status().message()),
              HasSubstr("there is no user no such user"));
  EXPECT_EQ(access(address_.path.c_str(), F_OK), -1);
  address_.path += std::string(200, 'x');
  EXPECT_THAT(std::string(OpenUnixListener(address_).status().message()), HasSubstr("too long"));
}

TEST_F(UnixSocketTest, FileIsRemovedUnlessItIsAnother) {
  const int fd = *OpenUnixListener(address_);
  {
    const UnixSocketFile file(address_.path);
    EXPECT_EQ(access(address_.path.c_str(), F_OK), 0);
  }
  EXPECT_EQ(access(address_.path.c_str(), F_OK), -1);
  close(fd);
  const int first = *OpenUnixListener(address_);
  {
    const UnixSocketFile file(address_.path);
    rename(address_.path.c_str(), (folder_ + "/kept").c_str());
    close(open(address_.path.c_str(), O_CREAT | O_WRONLY, 0600));
  }
  EXPECT_EQ(access(address_.path.c_str(), F_OK), 0);
  unlink((folder_ + "/kept").c_str());
  close(first);
}

}  // namespace
}  // namespace fluxgate
