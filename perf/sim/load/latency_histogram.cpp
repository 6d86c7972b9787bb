#include "perf/sim/load/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace mmm::sim {

std::size_t LatencyHistogram::bucket_of(std::uint64_t value) {
  constexpr std::uint64_t kExact = 1U << kSubBits;
  if (value < kExact) return static_cast<std::size_t>(value);
  const auto doubling = static_cast<unsigned>(std::bit_width(value)) - kSubBits - 1;
  const std::size_t bucket = ((doubling + 1U) << kSubBits) + ((value >> doubling) - kExact);
  return std::min(bucket, kBuckets - 1);
}

std::uint64_t LatencyHistogram::upper_end(std::size_t bucket) {
  constexpr std::uint64_t kExact = 1U << kSubBits;
  if (bucket < kExact) return bucket;
  const std::size_t doubling = (bucket >> kSubBits) - 1;
  return ((kExact + (bucket & (kExact - 1)) + 1) << doubling) - 1;
}

void LatencyHistogram::add(std::chrono::microseconds latency) {
  const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(0, latency.count()));
  ++buckets_[bucket_of(value)];
  ++count_;
  sum_ += value;
  max_ = std::max(max_, value);
}

void LatencyHistogram::merge(const LatencyHistogram& other) {
  for (std::size_t i = 0; i < kBuckets; ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  sum_ += other.sum_;
  max_ = std::max(max_, other.max_);
}

std::chrono::microseconds LatencyHistogram::percentile(double share) const {
  const auto wanted =
      std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_))));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kBuckets && count_ != 0; ++i) {
    seen += buckets_[i];
    if (seen >= wanted) return std::chrono::microseconds{std::min(upper_end(i), max_)};
  }
  return std::chrono::microseconds{0};
}

double LatencyHistogram::mean_us() const {
  return count_ == 0 ? 0 : static_cast<double>(sum_) / static_cast<double>(count_);
}

}  // namespace mmm::sim
