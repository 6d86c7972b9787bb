#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace mmm::sim {

// "Something may have changed, look again": a condition variable for the coroutines of one thread. The timer never
// expires; it is what asio can wait for and wake.
class Wakeup {
 public:
  explicit Wakeup(const boost::asio::any_io_executor& executor)
      : timer_(executor, boost::asio::steady_timer::time_point::max()) {}

  void notify_all() { timer_.cancel(); }

  // Returns at the next notify_all(); check the condition again. Ends with operation_aborted when the task is
  // cancelled.
  boost::asio::awaitable<void> wait() {
    const auto [error] = co_await timer_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    const auto state = co_await boost::asio::this_coro::cancellation_state;
    if (state.cancelled() != boost::asio::cancellation_type::none) {
      throw boost::system::system_error(error ? error : boost::asio::error::operation_aborted);
    }
  }

 private:
  boost::asio::steady_timer timer_;
};

}  // namespace mmm::sim
