#include "core/log/throttle.h"

namespace mmm::log {

std::optional<std::uint64_t> Throttle::admit(SteadyTime now) {
  if (last_ && now - *last_ < interval_) {
    ++left_out_;
    return std::nullopt;
  }
  last_ = now;
  return std::exchange(left_out_, 0);
}

std::string describe_left_out(std::uint64_t count) {
  if (count == 0) return {};
  return fmt::format(" ({} more like it {} left out)", count, count == 1 ? "was" : "were");
}

}  // namespace mmm::log
