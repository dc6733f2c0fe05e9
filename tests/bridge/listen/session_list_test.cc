#include "bridge/listen/session_list.h"

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <functional>
#include <limits>

namespace fluxgate {
namespace {

// Leaves its list when it is closed, as a session does when its coroutine ends.
class FakeSession final : public WatchedSession {
 public:
  FakeSession(SessionList* list, boost::asio::io_context* context)
      : list_(list), context_(context) {
    list_->Add(this);
  }
  ~FakeSession() override { Leave(); }

  void Close() override {
    ++closes_;
    boost::asio::post(*context_, [this] { Leave(); });
  }
  bool is_idle() const override { return idle_; }

  void set_idle(bool idle) { idle_ = idle; }
  int closes() const { return closes_; }

 private:
  void Leave() {
    if (list_ != nullptr) {
      list_->Remove(this);
      list_ = nullptr;
    }
  }

  SessionList* list_;
  boost::asio::io_context* const context_;
  bool idle_ = false;
  int closes_ = 0;
};

class SessionListTest : public testing::Test {
 protected:
  // Runs handlers until the condition holds.
  void RunUntil(const std::function<bool()>& condition) {
    while (!condition()) {
      ASSERT_EQ(context_.run_one(), 1u);
    }
  }

  boost::asio::io_context context_{1};
  SessionList list_{&context_};
};

TEST_F(SessionListTest, ClosesWhatIsOverdueAndNothingElse) {
  FakeSession overdue(&list_, &context_);
  FakeSession in_time(&list_, &context_);
  FakeSession without_deadline(&list_, &context_);
  overdue.SetDeadline(0, 0);
  in_time.SetDeadline(0, 3600);
  list_.Start();
  RunUntil([&] { return overdue.closes() > 0; });
  EXPECT_GE(list_.now_seconds(), 1u);
  EXPECT_EQ(in_time.closes(), 0);
  EXPECT_EQ(without_deadline.closes(), 0);
  list_.CloseAll();
  context_.run();
}

TEST_F(SessionListTest, ADrainClosesWhatStaysIdle) {
  FakeSession idle(&list_, &context_);
  FakeSession busy(&list_, &context_);
  idle.set_idle(true);
  list_.Start();
  EXPECT_FALSE(list_.is_draining());
  list_.BeginDrain();
  EXPECT_TRUE(list_.is_draining());
  EXPECT_EQ(idle.closes(), 0);
  RunUntil([&] { return idle.closes() > 0; });
  EXPECT_EQ(busy.closes(), 0);
  busy.set_idle(true);
  RunUntil([&] { return busy.closes() > 0; });
  list_.CloseAll();
  context_.run();
}

TEST_F(SessionListTest, CloseAllEndsSessionsAndSweeps) {
  FakeSession session(&list_, &context_);
  list_.Start();
  list_.CloseAll();
  EXPECT_TRUE(list_.is_closed());
  EXPECT_EQ(session.closes(), 1);
  context_.run();  // returns, since no timer is left
}

}  // namespace
}  // namespace fluxgate
