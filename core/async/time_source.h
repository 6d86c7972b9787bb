#pragma once

#include "core/base/time.h"

#include <boost/asio/awaitable.hpp>

namespace mmm {

// Where services take their time from and wait: the real clocks in the programs, virtual time in tests
// (tests/support/virtual_time.h). Nothing else calls system_clock::now(), steady_clock::now() or makes a steady_timer,
// the deadlines of core/http's sockets apart.
//
// Thread: an instance belongs to one io_context; wall() and steady() may be called from any thread.
class TimeSource {
 public:
  virtual ~TimeSource() = default;

  [[nodiscard]] virtual WallTime wall() const = 0;
  [[nodiscard]] virtual SteadyTime steady() const = 0;

  // Completes at or after `when`. Cancellation ends it with boost::system::system_error operation_aborted.
  virtual boost::asio::awaitable<void> sleep_until(SteadyTime when) = 0;

  boost::asio::awaitable<void> sleep_for(std::chrono::steady_clock::duration duration) {
    return sleep_until(steady() + duration);
  }
};

// The clocks of this machine.
class RealTime final : public TimeSource {
 public:
  [[nodiscard]] WallTime wall() const override;
  [[nodiscard]] SteadyTime steady() const override;
  boost::asio::awaitable<void> sleep_until(SteadyTime when) override;
};

}  // namespace mmm
