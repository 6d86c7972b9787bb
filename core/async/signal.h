#pragma once

#include "core/async/time_source.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <utility>

namespace mmm {

// Wakes one waiting coroutine, or the next that waits: a notification is kept until it has been taken, several are one.
//
// Concurrency: one thread, the executor's; one waiter at a time.
class Signal {
 public:
  explicit Signal(const boost::asio::any_io_executor& executor);

  void notify();
  // True: notified, before or during the wait. False: the deadline came first.
  boost::asio::awaitable<bool> wait_until(TimeSource& time, SteadyTime deadline);

 private:
  // Never expires; cancelled to wake the waiter.
  boost::asio::steady_timer timer_;
  bool notified_ = false;
};

}  // namespace mmm
