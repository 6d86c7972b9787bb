#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace mmm {

struct BackoffOptions {
  std::chrono::milliseconds first{500};
  std::chrono::milliseconds max{60'000};
  double factor = 2.0;
  // Part of each delay that is random: 0 none, 1 anything from zero. Keeps a fleet from returning all at once.
  double jitter = 0.5;
};

// How long to wait before the next attempt: grows after each failure, up to a cap, with jitter. Pure: it neither waits
// nor reads a clock, and the same seed gives the same delays.
class Backoff {
 public:
  Backoff(BackoffOptions options, std::uint64_t seed);

  // The delay after one more failure.
  std::chrono::milliseconds next();
  // After a success: the next delay is the first again.
  void reset() { failures_ = 0; }
  // Failures since the last success.
  [[nodiscard]] std::uint32_t failures() const { return failures_; }

 private:
  BackoffOptions options_;
  std::mt19937_64 random_;
  std::uint32_t failures_ = 0;
};

}  // namespace mmm
