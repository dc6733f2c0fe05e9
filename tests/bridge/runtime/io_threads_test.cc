#include "bridge/runtime/io_threads.h"

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <stdexcept>
#include <thread>

namespace fluxgate {
namespace {

TEST(IoThreads, EachContextHasOneThreadOfItsOwn) {
  IoThreads threads(3);
  std::thread::id seen[3][2];
  for (size_t context = 0; context < 3; ++context) {
    for (std::thread::id& id : seen[context]) {
      boost::asio::post(*threads.contexts()[context], [&id] { id = std::this_thread::get_id(); });
    }
  }
  threads.Start();
  threads.Join();
  std::set<std::thread::id> ids;
  for (const auto& of_context : seen) {
    EXPECT_EQ(of_context[0], of_context[1]);
    ids.insert(of_context[0]);
  }
  EXPECT_EQ(ids.size(), 3u);
  EXPECT_FALSE(ids.contains(std::this_thread::get_id()));
}

TEST(IoThreads, JoinWaitsForWhatHandlersBegin) {
  IoThreads threads(1);
  boost::asio::io_context& context = *threads.contexts().front();
  std::atomic<int> steps{0};
  threads.Start();
  boost::asio::post(context, [&] {
    ++steps;
    boost::asio::post(context, [&] { ++steps; });
  });
  threads.Join();
  EXPECT_EQ(steps, 2);
}

TEST(IoThreads, AHandlerThatThrowsDoesNotEndItsThread) {
  IoThreads threads(1);
  bool went_on = false;
  boost::asio::post(*threads.contexts().front(), [] { throw std::runtime_error("on purpose"); });
  boost::asio::post(*threads.contexts().front(), [&went_on] { went_on = true; });
  threads.Start();
  threads.Join();
  EXPECT_TRUE(went_on);
}

}  // namespace
}  // namespace fluxgate
