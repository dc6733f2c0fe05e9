#include "bridge/runtime/io_threads.h"

#include "bridge/base/log.h"

#include <exception>
#include <unistd.h>

namespace fluxgate {
namespace {

void RunLoop(boost::asio::io_context* context, int niceness) {
  // On Linux this is for the calling thread alone.
  if (niceness > 0 && nice(niceness) == -1) {
    Log(LogLevel::kDebug, "a thread keeps its priority");
  }
  for (;;) {
    try {
      context->run();
      return;
    } catch (const std::exception& failure) {
      Log(LogLevel::kError, "a handler failed", {{"err", failure.what()}});
    }
  }
}

}  // namespace

IoThreads::IoThreads(unsigned count, int niceness) : niceness_(niceness) {
  for (unsigned index = 0; index < count; ++index) {
    contexts_.push_back(&loops_.emplace_back().context);
  }
}

IoThreads::~IoThreads() {
  Join();
}

void IoThreads::Start() {
  for (boost::asio::io_context* context : contexts_) {
    threads_.emplace_back(RunLoop, context, niceness_);
  }
}

void IoThreads::Join() {
  for (Loop& loop : loops_) {
    loop.work.reset();
  }
  for (std::thread& thread : threads_) {
    thread.join();
  }
  threads_.clear();
}

}  // namespace fluxgate
