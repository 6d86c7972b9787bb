#include "tests/support/virtual_time.h"

#include "core/async/task_group.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace mmm::test {
namespace {

namespace asio = boost::asio;
using std::chrono::hours;
using std::chrono::seconds;

asio::awaitable<void> tick(TimeSource& time, seconds period, int times, std::vector<std::string>& log,
                           std::string name) {
  for (int i = 0; i < times; ++i) {
    co_await time.sleep_for(period);
    log.push_back(name);
  }
}

TEST(VirtualTime, WakesInTheOrderOfTheWakeUpTimes) {
  asio::io_context context(1);
  VirtualTime time;
  TaskGroup group(context.get_executor());
  std::vector<std::string> log;
  group.spawn("slow", tick(time, seconds{3}, 1, log, "slow"));
  group.spawn("fast", tick(time, seconds{2}, 2, log, "fast"));
  const auto wall = time.wall();
  time.run_for(context, seconds{1});
  EXPECT_TRUE(log.empty());
  time.run_for(context, seconds{9});
  EXPECT_EQ(log, (std::vector<std::string>{"fast", "slow", "fast"}));
  EXPECT_EQ(time.wall() - wall, seconds{10});
  EXPECT_EQ(group.size(), 0U);
}

TEST(VirtualTime, RunJumpsToTheEndOfTheCoroutine) {
  asio::io_context context(1);
  VirtualTime time;
  const auto before = time.steady();
  auto task = [](TimeSource& source) -> asio::awaitable<int> {
    co_await source.sleep_for(hours{5});
    co_return 7;
  };
  EXPECT_EQ(time.run(context, task(time)), 7);
  EXPECT_EQ(time.steady() - before, hours{5});
}

TEST(VirtualTime, RunThrowsWhenTheCoroutineWaitsForEver) {
  asio::io_context context(1);
  VirtualTime time;
  auto task = [](TimeSource& source) -> asio::awaitable<void> { co_await source.sleep_for(hours{25}); };
  EXPECT_THROW(time.run(context, task(time)), std::runtime_error);
}

TEST(VirtualTime, CancellationEndsASleep) {
  asio::io_context context(1);
  VirtualTime time;
  TaskGroup group(context.get_executor());
  std::vector<std::string> log;
  group.spawn("sleeper", tick(time, seconds{1}, 1, log, "sleeper"));
  time.run_ready(context);
  EXPECT_EQ(time.sleepers(), 1U);
  group.cancel();
  time.run_ready(context);
  EXPECT_EQ(time.sleepers(), 0U);
  EXPECT_EQ(group.size(), 0U);
  EXPECT_TRUE(log.empty());
}

TEST(RunCoroutine, ReturnsTheValueAndPassesTheException) {
  asio::io_context context(1);
  auto value = []() -> asio::awaitable<std::unique_ptr<int>> { co_return std::make_unique<int>(3); };
  auto failure = []() -> asio::awaitable<int> { throw std::logic_error("as expected"); };
  EXPECT_EQ(*run(context, value()), 3);
  EXPECT_THROW(run(context, failure()), std::logic_error);
}

}  // namespace
}  // namespace mmm::test
