// The threads that serve connections, each with an event loop of its own.
//
// Lifetime: what runs on a context may refer to it until Join() has returned.
// Errors: an exception that leaves a handler is logged, and its thread goes on.
// Thread: confined to the thread that made it, but for the contexts.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <deque>
#include <span>
#include <thread>
#include <vector>

namespace fluxgate {

class IoThreads {
 public:
  // `niceness` is added to the process's own: where all have work, such a thread has less of the
  // processor.
  explicit IoThreads(unsigned count, int niceness = 0);
  ~IoThreads();
  IoThreads(const IoThreads&) = delete;
  IoThreads& operator=(const IoThreads&) = delete;

  std::span<boost::asio::io_context* const> contexts() const { return contexts_; }

  void Start();

  // Lets each thread end when it has nothing left to do, and waits for that.
  void Join();

 private:
  struct Loop {
    // One thread runs it: Asio may leave out some locks.
    boost::asio::io_context context{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
        context.get_executor()};
  };

  const int niceness_;
  std::deque<Loop> loops_;
  std::vector<boost::asio::io_context*> contexts_;
  std::vector<std::thread> threads_;
};

}  // namespace fluxgate
