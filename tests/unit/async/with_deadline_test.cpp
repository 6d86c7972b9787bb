#include "core/async/with_deadline.h"

#include "core/async/task_group.h"
#include "tests/support/virtual_time.h"

#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

namespace mmm {
namespace {

namespace asio = boost::asio;
using std::chrono::seconds;

asio::awaitable<Result<int>> answer_after(TimeSource& time, seconds delay) {
  co_await time.sleep_for(delay);
  co_return 42;
}

asio::awaitable<Result<int>> cancelled_as_value(TimeSource& time) {
  try {
    co_await time.sleep_for(seconds{100});
  } catch (const boost::system::system_error&) {
    co_return fail(ErrorKind::kCancelled, "told to stop");
  }
  co_return 1;
}

TEST(WithDeadline, ReturnsTheResultThatComesInTime) {
  asio::io_context context(1);
  test::VirtualTime time;
  const auto start = time.steady();
  auto result = time.run(context, with_deadline<int>(time, start + seconds{5}, answer_after(time, seconds{4})));
  ASSERT_TRUE(result);
  EXPECT_EQ(*result, 42);
  EXPECT_EQ(time.steady() - start, seconds{4});
  EXPECT_EQ(time.sleepers(), 0U);
}

TEST(WithDeadline, CancelsWhatTakesLonger) {
  asio::io_context context(1);
  test::VirtualTime time;
  const auto start = time.steady();
  auto result = time.run(context, with_deadline<int>(time, start + seconds{5}, answer_after(time, seconds{6})));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kTimeout);
  EXPECT_EQ(time.steady() - start, seconds{5});
  EXPECT_EQ(time.sleepers(), 0U);
}

TEST(WithDeadline, SaysTimeoutAlsoWhenTheOperationReturnsThatItWasCancelled) {
  asio::io_context context(1);
  test::VirtualTime time;
  auto result = time.run(context, with_deadline<int>(time, time.steady() + seconds{5}, cancelled_as_value(time)));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kTimeout);
}

asio::awaitable<void> wait_and_note(TimeSource& time, std::string& note) {
  try {
    const auto result = co_await with_deadline<int>(time, time.steady() + seconds{5}, answer_after(time, seconds{6}));
    note = result ? "value" : "failure";
  } catch (const boost::system::system_error& error) {
    note = error.code() == asio::error::operation_aborted ? "aborted" : "other";
  }
}

TEST(WithDeadline, CancellingTheCallerEndsIt) {
  asio::io_context context(1);
  test::VirtualTime time;
  TaskGroup group(context.get_executor());
  std::string note;
  group.spawn("caller", wait_and_note(time, note));
  time.run_for(context, seconds{1});
  group.cancel();
  time.run_ready(context);
  EXPECT_EQ(note, "aborted");
  EXPECT_EQ(group.size(), 0U);
}

}  // namespace
}  // namespace mmm
