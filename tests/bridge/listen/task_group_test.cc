#include "bridge/listen/task_group.h"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace fluxgate {
namespace {

TEST(TaskGroup, CountsTasksWhileTheyLive) {
  TaskGroup group;
  EXPECT_EQ(group.count(), 0u);
  std::optional<TaskGroup::Task> first(&group);
  {
    TaskGroup::Task second(&group);
    TaskGroup::Task moved(std::move(second));
    EXPECT_EQ(group.count(), 2u);
  }
  EXPECT_EQ(group.count(), 1u);
  first.reset();
  EXPECT_EQ(group.count(), 0u);
}

TEST(TaskGroup, CallsAtOnceWhenEmpty) {
  TaskGroup group;
  int calls = 0;
  group.WhenEmpty([&] { ++calls; });
  EXPECT_EQ(calls, 1);
}

TEST(TaskGroup, CallsOnceWhenTheLastTaskEnds) {
  TaskGroup group;
  int calls = 0;
  std::optional<TaskGroup::Task> first(&group);
  std::optional<TaskGroup::Task> second(&group);
  group.WhenEmpty([&] { ++calls; });
  first.reset();
  EXPECT_EQ(calls, 0);
  second.reset();
  EXPECT_EQ(calls, 1);
  {
    TaskGroup::Task third(&group);
  }
  EXPECT_EQ(calls, 1);
}

// The call may look at the group.
TEST(TaskGroup, CallsWithoutALock) {
  TaskGroup group;
  size_t count = 1;
  {
    TaskGroup::Task task(&group);
    group.WhenEmpty([&] { count = group.count(); });
  }
  EXPECT_EQ(count, 0u);
}

TEST(TaskGroup, TasksMayEndOnAnyThread) {
  TaskGroup group;
  std::atomic<int> calls{0};
  std::vector<std::thread> threads;
  {
    TaskGroup::Task gate(&group);
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&group] {
        for (int j = 0; j < 1000; ++j) {
          TaskGroup::Task task(&group);
        }
      });
    }
    group.WhenEmpty([&] { ++calls; });
    for (std::thread& thread : threads) {
      thread.join();
    }
    EXPECT_EQ(calls, 0);
  }
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace fluxgate
