#pragma once

#include "core/async/time_source.h"

#include <optional>

namespace mmm {

// The wall clock for whoever removes what is old: silent until the clock has gone as steadily as the monotonic one for
// a while, so that a machine that starts with a wrong clock, or one that is set, does not take everything for old.
//
// One thread.
class SettledClock {
 public:
  // `time` must outlive it.
  SettledClock(const TimeSource& time, std::chrono::steady_clock::duration settle);

  // Empty: not to be trusted yet.
  std::optional<WallTime> now();

 private:
  const TimeSource& time_;
  std::chrono::steady_clock::duration settle_;
  // Where the clocks stood when they were first seen to agree.
  SteadyTime since_;
  WallTime since_wall_;
};

}  // namespace mmm
