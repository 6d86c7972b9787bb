#include "core/async/signal.h"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace mmm {

namespace asio = boost::asio;
// clang-tidy does not see its use in a co_await of two.
using asio::experimental::awaitable_operators::operator||;  // NOLINT(misc-unused-using-decls)

namespace {

asio::awaitable<void> wait_for_cancel(asio::steady_timer& timer) {
  boost::system::error_code ignored;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

}  // namespace

Signal::Signal(const asio::any_io_executor& executor) : timer_(executor, asio::steady_timer::time_point::max()) {}

void Signal::notify() {
  notified_ = true;
  timer_.cancel();
}

asio::awaitable<bool> Signal::wait_until(TimeSource& time, SteadyTime deadline) {
  // The flag and not the race decides, so that a notification at the very deadline is not lost.
  if (!notified_) static_cast<void>(co_await (wait_for_cancel(timer_) || time.sleep_until(deadline)));
  co_return std::exchange(notified_, false);
}

}  // namespace mmm
