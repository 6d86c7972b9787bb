#include "perf/sim/mesh/random.h"

#include <bit>
#include <cmath>

namespace mmm::sim {
namespace {

// splitmix64: spreads a seed of few set bits over the whole state.
std::uint64_t split_mix(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15U;
  std::uint64_t z = state;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

}  // namespace

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  std::uint64_t state = a ^ std::rotl(b, 32);
  state = split_mix(state) ^ b;
  return split_mix(state);
}

Random::Random(std::uint64_t seed) {
  for (auto& word : state_) word = split_mix(seed);
}

std::uint64_t Random::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17U;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

std::uint32_t Random::below(std::uint32_t bound) {
  return static_cast<std::uint32_t>((static_cast<std::uint64_t>(next_u32()) * bound) >> 32U);
}

double Random::uniform() {
  return static_cast<double>(next() >> 11U) * 0x1.0p-53;
}

double Random::normal() {
  const std::uint64_t a = next();
  const std::uint64_t b = next();
  const std::uint64_t sum = (a >> 32U) + (a & 0xFFFFFFFFU) + (b >> 32U) + (b & 0xFFFFFFFFU);
  // Four uniforms have mean 2 and variance 1/3.
  return (static_cast<double>(sum) * 0x1.0p-32 - 2.0) * 1.7320508075688772;
}

double Random::exponential(double mean) {
  return -mean * std::log(1.0 - uniform());
}

std::string Random::bytes(std::size_t count) {
  std::string out(count, '\0');
  for (auto& byte : out) byte = static_cast<char>(next() >> 56U);
  return out;
}

std::size_t Random::weighted(std::span<const double> weights) {
  double sum = 0;
  for (const double weight : weights) sum += weight;
  double at = uniform() * sum;
  for (std::size_t i = 0; i + 1 < weights.size(); ++i) {
    at -= weights[i];
    if (at < 0) return i;
  }
  return weights.size() - 1;
}

}  // namespace mmm::sim
