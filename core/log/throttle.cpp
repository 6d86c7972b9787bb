#include "core/log/throttle.h"

#include <algorithm>

namespace mmm::log {

std::optional<std::uint64_t> Throttle::admit(SteadyTime now) {
  if (next_ && now + ahead_max_ < *next_) {
    ++left_out_;
    return std::nullopt;
  }
  next_ = std::max(now, next_.value_or(now)) + interval_;
  return std::exchange(left_out_, 0);
}

std::string describe_left_out(std::uint64_t count) {
  if (count == 0) return {};
  return fmt::format(" ({} more like it {} left out)", count, count == 1 ? "was" : "were");
}

}  // namespace mmm::log
