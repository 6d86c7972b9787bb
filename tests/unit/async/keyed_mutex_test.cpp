#include "core/async/keyed_mutex.h"

#include "tests/support/run_coroutine.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace mmm {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

class KeyedMutexTest : public testing::Test {
 protected:
  // Holds the key until the context has turned some more.
  static asio::awaitable<void> hold(KeyedMutexTest& test, std::string key, std::string name) {
    auto ticket = co_await test.mutex_.lock(key, 10s);
    EXPECT_TRUE(ticket);
    if (!ticket) co_return;
    test.events_.push_back(name + " in");
    for (int i = 0; i < 5; ++i) co_await asio::post(test.context_, asio::use_awaitable);
    test.events_.push_back(name + " out");
  }

  void spawn(std::string key, std::string name) {
    asio::co_spawn(context_, hold(*this, std::move(key), std::move(name)), [](const std::exception_ptr&) {});
  }

  asio::io_context context_{1};
  KeyedMutex mutex_{3};
  std::vector<std::string> events_;
};

TEST_F(KeyedMutexTest, OneAtATimeInOrder) {
  for (const char* name : {"a", "b", "c"}) spawn("key", name);
  context_.run();
  EXPECT_EQ(events_, (std::vector<std::string>{"a in", "a out", "b in", "b out", "c in", "c out"}));
}

TEST_F(KeyedMutexTest, OtherKeysDoNotWait) {
  spawn("one", "a");
  spawn("two", "b");
  context_.run();
  ASSERT_EQ(events_.size(), 4U);
  EXPECT_EQ(events_[1], "b in");
}

TEST_F(KeyedMutexTest, RefusesMoreThanMayWait) {
  for (const char* name : {"a", "b", "c", "d"}) spawn("key", name);
  context_.poll_one();
  context_.poll_one();
  context_.poll_one();
  context_.poll_one();
  const auto refused = test::run(context_, mutex_.lock("key", 10s));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kUnavailable);
  context_.run();
  EXPECT_EQ(events_.size(), 8U);
}

TEST_F(KeyedMutexTest, GivesUpWhenItIsNotItsTurnInTime) {
  auto held = test::run(context_, mutex_.lock("key", 10s));
  ASSERT_TRUE(held);
  const auto late = test::run(context_, mutex_.lock("key", 1ms));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, ErrorKind::kTimeout);
}

TEST_F(KeyedMutexTest, ACancelledWaiterLeavesItsPlace) {
  auto held = std::make_optional(test::run(context_, mutex_.lock("key", 10s)));
  asio::cancellation_signal cancel;
  auto waits = [](KeyedMutex& mutex) -> asio::awaitable<void> {
    auto ticket = co_await mutex.lock("key", 10s);
    EXPECT_FALSE(ticket);
  };
  asio::co_spawn(context_, waits(mutex_),
                 asio::bind_cancellation_slot(cancel.slot(), [](const std::exception_ptr&) {}));
  context_.restart();
  context_.poll();
  cancel.emit(asio::cancellation_type::terminal);
  context_.run();
  held.reset();
  EXPECT_TRUE(test::run(context_, mutex_.lock("key", 10s)));
}

// Counts without a lock of its own: the key is one.
TEST(KeyedMutex, HoldsAcrossThreads) {
  constexpr int kRounds = 300;
  KeyedMutex mutex(8);
  int count = 0;
  auto task = [](KeyedMutex& keys, int& number) -> asio::awaitable<void> {
    for (int i = 0; i < kRounds; ++i) {
      auto ticket = co_await keys.lock("key", 30s);
      EXPECT_TRUE(ticket);
      ++number;
    }
  };
  // They outlive all threads: one that leaves may still be in its post to the next one's context when that one is done.
  std::vector<std::unique_ptr<asio::io_context>> contexts;
  for (int i = 0; i < 4; ++i) contexts.push_back(std::make_unique<asio::io_context>(1));
  std::vector<std::thread> threads;
  for (const auto& context : contexts) threads.emplace_back([&] { test::run(*context, task(mutex, count)); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(count, 4 * kRounds);
}

}  // namespace
}  // namespace mmm
