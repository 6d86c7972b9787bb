#include "core/async/time_source.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace mmm {

WallTime RealTime::wall() const {
  return wall_now();
}

SteadyTime RealTime::steady() const {
  return std::chrono::steady_clock::now();
}

boost::asio::awaitable<void> RealTime::sleep_until(SteadyTime when) {
  const auto executor = co_await boost::asio::this_coro::executor;
  boost::asio::steady_timer timer(executor, when);
  co_await timer.async_wait(boost::asio::use_awaitable);
}

}  // namespace mmm
