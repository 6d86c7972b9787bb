#include "core/async/offload.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <thread>

namespace mmm {
namespace {

namespace asio = boost::asio;

TEST(Offload, RunsOnThePoolAndResumesOnTheCallersThread) {
  asio::io_context context(1);
  asio::thread_pool pool(1);
  std::thread::id worker;
  std::thread::id resumed;
  std::string result;
  auto task = [&]() -> asio::awaitable<void> {
    auto job = [&worker, text = std::string(100, 'x')] {
      worker = std::this_thread::get_id();
      return text + "!";
    };
    result = co_await offload(pool, std::move(job));
    resumed = std::this_thread::get_id();
  };
  asio::co_spawn(context, task(), [](const std::exception_ptr& error) { EXPECT_FALSE(error); });
  context.run();
  EXPECT_NE(worker, std::this_thread::get_id());
  EXPECT_EQ(resumed, std::this_thread::get_id());
  EXPECT_EQ(result, std::string(100, 'x') + "!");
}

}  // namespace
}  // namespace mmm
