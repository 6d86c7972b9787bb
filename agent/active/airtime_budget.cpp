#include "agent/active/airtime_budget.h"

#include "core/mesh/airtime.h"

#include <algorithm>

namespace mmm::agent {
namespace {

constexpr double kHourUs = 3600e6;
// A traceroute that came over all its hops: 8 nodes and 8 SNRs each way at most, Data's own fields.
constexpr std::size_t kTracerouteBytes = mesh::kAirHeaderBytes + 60;
// 125 kHz, SF 12, 4/8: VERY_LONG_SLOW but for its bandwidth, and slower than every other preset.
constexpr mesh::LoraModulation kSlowest{.bandwidth_hz = 125'000, .spreading_factor = 12, .coding_rate = 8};

}  // namespace

AirtimeBudget::AirtimeBudget(double percent, SteadyTime now)
    : share_(percent / 100), left_us_(share_ * kHourUs), counted_(now) {}

bool AirtimeBudget::spend(std::int64_t cost_us, SteadyTime now) {
  const std::chrono::duration<double, std::micro> passed = now - counted_;
  const double full = share_ * kHourUs;
  left_us_ = std::min(full, left_us_ + passed.count() * share_);
  counted_ = now;
  const auto cost = static_cast<double>(cost_us);
  if (left_us_ < std::min(cost, full)) return false;
  left_us_ -= cost;
  return true;
}

std::int64_t traceroute_airtime_us(std::uint32_t hop_limit, std::optional<std::uint32_t> modem_preset) {
  const auto modulation = modem_preset ? mesh::modulation_of(*modem_preset) : std::nullopt;
  const auto transmissions = 2 * (std::int64_t{hop_limit} + 1);
  return transmissions * mesh::time_on_air_us(modulation.value_or(kSlowest), kTracerouteBytes);
}

}  // namespace mmm::agent
