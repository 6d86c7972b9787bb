#include "ingest/access/token_buckets.h"

#include <algorithm>
#include <utility>

namespace mmm::ingest {
namespace {

// Nobody is told to wait longer, however small the rate.
constexpr double kWaitSecondsMax = 86'400;

}  // namespace

TokenBuckets::TokenBuckets(Rate rate, std::size_t max) : limits_(rate.per_second > 0), rate_(rate), buckets_(max) {}

TokenBuckets::Bucket& TokenBuckets::bucket_of(std::string_view caller, SteadyTime now) {
  Bucket* bucket = buckets_.find(caller);
  if (bucket == nullptr) {
    if (buckets_.insert(caller, {.tokens = rate_.burst, .filled_at = now})) ++evicted_;
    bucket = buckets_.find(caller);
  }
  // Another thread may have read the clock later and come first.
  const double seconds = std::max(0.0, std::chrono::duration<double>(now - bucket->filled_at).count());
  bucket->tokens = std::min(bucket->tokens + seconds * rate_.per_second, rate_.burst);
  bucket->filled_at = std::max(bucket->filled_at, now);
  return *bucket;
}

std::optional<TokenBuckets::Duration> TokenBuckets::wait_of(const Bucket& bucket) const {
  if (bucket.tokens >= 1 || rate_.per_second <= 0) return std::nullopt;  // the rate may have been taken away meanwhile
  const std::chrono::duration<double> wait(std::min((1 - bucket.tokens) / rate_.per_second, kWaitSecondsMax));
  return std::chrono::ceil<Duration>(wait);
}

std::optional<TokenBuckets::Duration> TokenBuckets::wait_of(std::string_view caller, SteadyTime now) {
  if (!limits()) return std::nullopt;
  const std::lock_guard lock(mutex_);
  return wait_of(bucket_of(caller, now));
}

std::optional<TokenBuckets::Duration> TokenBuckets::take(std::string_view caller, SteadyTime now) {
  if (!limits()) return std::nullopt;
  const std::lock_guard lock(mutex_);
  Bucket& bucket = bucket_of(caller, now);
  const auto wait = wait_of(bucket);
  if (!wait) bucket.tokens -= 1;
  return wait;
}

void TokenBuckets::charge(std::string_view caller, SteadyTime now, double tokens) {
  if (!limits()) return;
  const std::lock_guard lock(mutex_);
  Bucket& bucket = bucket_of(caller, now);
  bucket.tokens = std::max(bucket.tokens - tokens, -rate_.burst);
}

void TokenBuckets::set_rate(Rate rate) {
  const std::lock_guard lock(mutex_);
  if (rate_.per_second <= 0) buckets_.clear();
  rate_ = {.per_second = rate.per_second, .burst = std::max(rate.burst, 1.0)};
  limits_ = rate.per_second > 0;
}

std::uint64_t TokenBuckets::take_evicted() {
  const std::lock_guard lock(mutex_);
  return std::exchange(evicted_, 0);
}

}  // namespace mmm::ingest
