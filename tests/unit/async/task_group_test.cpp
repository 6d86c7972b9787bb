#include "core/async/task_group.h"

#include "core/async/time_source.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace mmm {
namespace {

namespace asio = boost::asio;

asio::awaitable<void> wait_for_ever(TimeSource& time, int& ended) {
  struct CountEnd {
    int& ended;
    ~CountEnd() { ++ended; }
  } count{ended};
  co_await time.sleep_for(std::chrono::hours{1});
}

asio::awaitable<void> cancel_and_join(TaskGroup& group, int& ended, int& ended_at_join) {
  group.cancel();
  co_await group.join();
  ended_at_join = ended;
}

TEST(TaskGroup, CancelEndsEveryTaskAndJoinWaitsForThem) {
  asio::io_context context(1);
  RealTime time;
  TaskGroup group(context.get_executor());
  int ended = 0;
  int ended_at_join = -1;
  for (int i = 0; i < 3; ++i) group.spawn("waiter", wait_for_ever(time, ended));
  context.poll();
  EXPECT_EQ(group.size(), 3U);
  asio::co_spawn(context, cancel_and_join(group, ended, ended_at_join), [](const std::exception_ptr&) {});
  context.restart();
  context.run();
  EXPECT_EQ(ended_at_join, 3);
  EXPECT_EQ(group.size(), 0U);
}

TEST(TaskGroup, TakesNoTaskAfterCancel) {
  asio::io_context context(1);
  RealTime time;
  TaskGroup group(context.get_executor());
  int ended = 0;
  group.cancel();
  group.spawn("late", wait_for_ever(time, ended));
  context.run();
  EXPECT_EQ(group.size(), 0U);
}

TEST(TaskGroup, CancelBeforeTheTaskHasStartedEndsItToo) {
  asio::io_context context(1);
  RealTime time;
  TaskGroup group(context.get_executor());
  int ended = 0;
  group.spawn("waiter", wait_for_ever(time, ended));
  group.cancel();
  context.run();
  EXPECT_EQ(group.size(), 0U);
}

asio::awaitable<void> cancel_own_group(TaskGroup& group) {
  group.cancel();
  co_return;
}

TEST(TaskGroup, ATaskMayCancelItsGroupAndEndAtOnce) {
  asio::io_context context(1);
  RealTime time;
  TaskGroup group(context.get_executor());
  int ended = 0;
  group.spawn("waiter", wait_for_ever(time, ended));
  group.spawn("canceller", cancel_own_group(group));
  group.spawn("never begun", wait_for_ever(time, ended));
  context.run();
  EXPECT_EQ(group.size(), 0U);
  EXPECT_EQ(ended, 1);
}

TEST(TaskGroup, CancelFromOutsideTheExecutorOutlivesTasksThatEndMeanwhile) {
  asio::io_context context(1);
  RealTime time;
  TaskGroup group(context.get_executor());
  auto short_wait = [](TimeSource& source) -> asio::awaitable<void> { co_await source.sleep_for({}); };
  group.spawn("short", short_wait(time));
  context.poll_one();
  group.cancel();
  context.run();
  EXPECT_EQ(group.size(), 0U);
}

}  // namespace
}  // namespace mmm
