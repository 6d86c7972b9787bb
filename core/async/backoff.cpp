#include "core/async/backoff.h"

#include "core/base/check.h"

#include <algorithm>
#include <limits>

namespace mmm {

Backoff::Backoff(BackoffOptions options, std::uint64_t seed) : options_(options), random_(seed) {
  MMM_CHECK(options_.first.count() > 0 && options_.max >= options_.first);
  MMM_CHECK(options_.factor >= 1.0 && options_.jitter >= 0.0 && options_.jitter <= 1.0);
}

std::chrono::milliseconds Backoff::next() {
  const auto max = static_cast<double>(options_.max.count());
  auto delay = static_cast<double>(options_.first.count());
  for (std::uint32_t i = 0; i < failures_ && delay < max; ++i) delay *= options_.factor;
  delay = std::min(delay, max);
  if (failures_ < std::numeric_limits<std::uint32_t>::max()) ++failures_;
  // Not std::uniform_real_distribution, whose values differ between standard libraries.
  const double random = static_cast<double>(random_() >> 11U) * 0x1.0p-53;
  delay *= 1.0 - options_.jitter * random;
  return std::chrono::milliseconds{static_cast<std::int64_t>(delay)};
}

}  // namespace mmm
