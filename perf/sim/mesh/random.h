#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace mmm::sim {

// One 64-bit value from two: for values that must not depend on the order in which things are asked for.
std::uint64_t mix(std::uint64_t a, std::uint64_t b);

// A deterministic source of random values (xoshiro256**). The standard's distributions differ between libraries, so the
// ones needed are written here: the same seed gives the same mesh everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed);

  std::uint64_t next();
  std::uint32_t next_u32() { return static_cast<std::uint32_t>(next() >> 32U); }
  // 0 ≤ value < bound; bound > 0. The bias of the multiplication is below 2^-32.
  std::uint32_t below(std::uint32_t bound);
  // Both ends included.
  std::uint32_t between(std::uint32_t low, std::uint32_t high) { return low + below(high - low + 1); }
  // 0 ≤ value < 1.
  double uniform();
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  bool chance(double probability) { return uniform() < probability; }
  // Standard normal, approximated by a sum of four uniforms (±3.46 at most): exact integers, no libm.
  double normal();
  // Mean `mean`.
  double exponential(double mean);
  std::string bytes(std::size_t count);

  template <class T>
  const T& pick(std::span<const T> values) {
    return values[below(static_cast<std::uint32_t>(values.size()))];
  }
  // An index, with the probability of its weight.
  std::size_t weighted(std::span<const double> weights);

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace mmm::sim
