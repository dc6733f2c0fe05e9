// Counts what is still at work - accept loops, connections, the UDP listener - so that the process
// can end when nothing is.
//
// Lifetime: the group outlives its tasks.
// Thread: safe.
#pragma once

#include "bridge/base/mutex.h"

#include <cstddef>
#include <functional>
#include <utility>

namespace fluxgate {

class TaskGroup {
 public:
  // Counts while it lives.
  class Task {
   public:
    explicit Task(TaskGroup* group) : group_(group) { group_->Enter(); }
    Task(Task&& other) noexcept : group_(std::exchange(other.group_, nullptr)) {}
    Task& operator=(Task&&) = delete;
    ~Task() {
      if (group_ != nullptr) {
        group_->Leave();
      }
    }

   private:
    TaskGroup* group_;
  };

  size_t count() const {
    MutexLock lock(&mutex_);
    return count_;
  }

  // Calls `then` once, as soon as no task is left: at once, or from the thread whose task is the
  // last.
  void WhenEmpty(std::function<void()> then);

 private:
  void Enter();
  void Leave();

  mutable Mutex mutex_;
  size_t count_ ABSL_GUARDED_BY(mutex_) = 0;
  std::function<void()> then_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fluxgate
