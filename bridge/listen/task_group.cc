#include "bridge/listen/task_group.h"

namespace fluxgate {

void TaskGroup::WhenEmpty(std::function<void()> then) {
  {
    MutexLock lock(&mutex_);
    if (count_ > 0) {
      then_ = std::move(then);
      return;
    }
  }
  then();
}

void TaskGroup::Enter() {
  MutexLock lock(&mutex_);
  ++count_;
}

void TaskGroup::Leave() {
  std::function<void()> then;
  {
    MutexLock lock(&mutex_);
    if (--count_ == 0) {
      then.swap(then_);
    }
  }
  if (then) {
    then();
  }
}

}  // namespace fluxgate
