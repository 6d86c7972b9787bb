#include "core/async/settled_clock.h"

namespace mmm {
namespace {

// Clocks that are slewed drift by some seconds a day; one that is set jumps.
constexpr std::chrono::minutes kJump{1};

}  // namespace

SettledClock::SettledClock(const TimeSource& time, std::chrono::steady_clock::duration settle)
    : time_(time), settle_(settle), since_(time.steady()), since_wall_(time.wall()) {}

std::optional<WallTime> SettledClock::now() {
  const SteadyTime steady = time_.steady();
  const WallTime wall = time_.wall();
  const auto apart = (wall - since_wall_) - std::chrono::duration_cast<std::chrono::microseconds>(steady - since_);
  if (apart > kJump || apart < -kJump) {
    since_ = steady;
    since_wall_ = wall;
  }
  if (steady - since_ < settle_) return std::nullopt;
  return wall;
}

}  // namespace mmm
