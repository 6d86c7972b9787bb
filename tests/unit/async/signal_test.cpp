#include "core/async/signal.h"

#include "tests/support/virtual_time.h"

#include <gtest/gtest.h>

namespace mmm {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

asio::awaitable<void> notify_later(Signal& signal, TimeSource& time, std::chrono::milliseconds delay) {
  co_await time.sleep_for(delay);
  signal.notify();
}

asio::awaitable<std::chrono::nanoseconds> measure(Signal& signal, TimeSource& time, bool& notified) {
  const auto start = time.steady();
  notified = co_await signal.wait_until(time, start + 10s);
  co_return time.steady() - start;
}

TEST(Signal, WakesAWaiterOrEndsAtTheDeadline) {
  asio::io_context context(1);
  test::VirtualTime time;
  Signal signal(context.get_executor());
  bool notified = true;
  EXPECT_EQ(time.run(context, measure(signal, time, notified)), 10s);
  EXPECT_FALSE(notified);
  asio::co_spawn(context, notify_later(signal, time, 300ms), [](const std::exception_ptr&) {});
  EXPECT_EQ(time.run(context, measure(signal, time, notified)), 300ms);
  EXPECT_TRUE(notified);
}

TEST(Signal, KeepsANotificationThatNobodyWaitsFor) {
  asio::io_context context(1);
  test::VirtualTime time;
  Signal signal(context.get_executor());
  bool notified = false;
  signal.notify();
  signal.notify();
  EXPECT_EQ(time.run(context, measure(signal, time, notified)), 0s);
  EXPECT_TRUE(notified);
  EXPECT_EQ(time.run(context, measure(signal, time, notified)), 10s);
  EXPECT_FALSE(notified);
}

TEST(Signal, ANotificationAtTheDeadlineIsTakenOnce) {
  asio::io_context context(1);
  test::VirtualTime time;
  Signal signal(context.get_executor());
  bool first = false;
  bool second = false;
  asio::co_spawn(context, notify_later(signal, time, 10s), [](const std::exception_ptr&) {});
  time.run(context, measure(signal, time, first));
  signal.notify();
  time.run(context, measure(signal, time, second));
  EXPECT_TRUE(second);
}

}  // namespace
}  // namespace mmm
