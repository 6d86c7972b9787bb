#pragma once

#include "core/async/time_source.h"

namespace mmm {

// Another source's time, with a wall clock that is behind by a fixed time; waits are as long as ever.
class DelayedTime final : public TimeSource {
 public:
  // `time` must outlive it.
  DelayedTime(TimeSource& time, WallTime::duration delay) : time_(time), delay_(delay) {}

  [[nodiscard]] WallTime wall() const override { return time_.wall() - delay_; }
  [[nodiscard]] SteadyTime steady() const override { return time_.steady(); }
  boost::asio::awaitable<void> sleep_until(SteadyTime when) override { return time_.sleep_until(when); }

 private:
  TimeSource& time_;
  const WallTime::duration delay_;
};

}  // namespace mmm
