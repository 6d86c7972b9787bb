#pragma once

#include "core/base/time.h"

#include <cstdint>
#include <optional>

namespace mmm::agent {

// A share of the channel's time that may be spent, averaged over an hour. What is dearer than an hour's share may be
// bought from a full budget, and is then waited off.
class AirtimeBudget {
 public:
  // `percent` of the time; full at `now`.
  AirtimeBudget(double percent, SteadyTime now);

  // Takes `cost_us` microseconds of airtime, or nothing and false.
  bool spend(std::int64_t cost_us, SteadyTime now);

 private:
  const double share_;
  double left_us_;
  SteadyTime counted_;
};

// Airtime of a traceroute and its answer when each hop that is allowed is made, in µs: one transmission at each node.
// An unknown preset counts as the slowest, so that the doubt is not at the mesh's cost.
std::int64_t traceroute_airtime_us(std::uint32_t hop_limit, std::optional<std::uint32_t> modem_preset);

}  // namespace mmm::agent
