#pragma once

#include "core/base/limits.h"
#include "core/base/lru_map.h"
#include "core/base/time.h"

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <string_view>

namespace mmm::ingest {

// How much each may do: `per_second` on average and `burst` at once. 0 per second: no limit.
struct Rate {
  double per_second = 0;
  double burst = 0;
};

// A token bucket for each of many callers: it starts full, fills at the rate, and what is done takes from it.
//
// Thread-safe. Time comes from the caller's TimeSource. Bounds: `max` buckets; beyond it the one that was unused for
// longest is forgotten, and so is full when its caller comes back.
class TokenBuckets {
 public:
  using Duration = std::chrono::steady_clock::duration;

  explicit TokenBuckets(Rate rate, std::size_t max = limits::kRateBucketsMax);

  // Empty when the caller may go on; otherwise how long it must wait. Takes nothing.
  [[nodiscard]] std::optional<Duration> wait_of(std::string_view caller, SteadyTime now);
  // The same, and takes one token when the caller may go on.
  [[nodiscard]] std::optional<Duration> take(std::string_view caller, SteadyTime now);
  // For what is known only after it was let in: takes that many, into debt if need be, though never more than a burst's
  // worth of it. Until the debt is paid the caller must wait.
  void charge(std::string_view caller, SteadyTime now, double tokens);

  // False: nobody has to wait, and asking costs nothing.
  [[nodiscard]] bool limits() const { return limits_.load(std::memory_order_relaxed); }

  // From now on; what was used before counts against the new rate.
  void set_rate(Rate rate);
  // Since the last call.
  [[nodiscard]] std::uint64_t take_evicted();

 private:
  struct Bucket {
    double tokens;
    SteadyTime filled_at;
  };
  Bucket& bucket_of(std::string_view caller, SteadyTime now);
  [[nodiscard]] std::optional<Duration> wait_of(const Bucket& bucket) const;

  std::atomic<bool> limits_;
  std::mutex mutex_;
  Rate rate_;
  LruMap<Bucket> buckets_;
  std::uint64_t evicted_ = 0;
};

}  // namespace mmm::ingest
