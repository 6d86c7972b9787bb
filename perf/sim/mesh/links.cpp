#include "perf/sim/mesh/links.h"

#include <algorithm>
#include <cmath>

namespace mmm::sim {
namespace {

// Free space loss over 1 km at 868 MHz, what houses and trees around an average roof add, and the exponent of a
// built-up area.
constexpr double kLossAt1KmDb = 91.2 + 27;
constexpr double kLossExponent = 3.3;
constexpr double kShadowingDb = 7;
constexpr double kNearestM = 10;
// Random::normal() reaches 3.46.
constexpr float kFadingMaxDb = 3.5F * kFadingDb;

}  // namespace

LinkTable::LinkTable(std::uint64_t seed, const std::vector<Node>& nodes) : seed_(seed), links_(nodes.size()) {
  for (std::size_t from = 0; from < nodes.size(); ++from) {
    for (std::size_t to = 0; to < nodes.size(); ++to) {
      if (from == to) continue;
      const float mean = mean_dbm(from, to, nodes);
      if (mean + kFadingMaxDb - kNoiseFloorDbm < kSnrDecodableDb) continue;
      links_[from].push_back({static_cast<std::uint32_t>(to), mean});
    }
  }
}

void LinkTable::moved(std::size_t index, const std::vector<Node>& nodes) {
  links_[index].clear();
  for (std::size_t other = 0; other < nodes.size(); ++other) {
    if (other == index) continue;
    const float out = mean_dbm(index, other, nodes);
    if (out + kFadingMaxDb - kNoiseFloorDbm >= kSnrDecodableDb) {
      links_[index].push_back({static_cast<std::uint32_t>(other), out});
    }
    const float in = mean_dbm(other, index, nodes);
    auto& theirs = links_[other];
    // Lists stay in the order of the receivers, so that the mesh depends on where nodes are and not on how they came
    // there.
    const auto place = std::ranges::lower_bound(theirs, index, {}, &Link::to);
    const bool present = place != theirs.end() && place->to == index;
    const bool audible = in + kFadingMaxDb - kNoiseFloorDbm >= kSnrDecodableDb;
    if (present && audible) place->mean_dbm = in;
    if (present && !audible) theirs.erase(place);
    if (!present && audible) theirs.insert(place, Link{static_cast<std::uint32_t>(index), in});
  }
}

float LinkTable::mean_dbm(std::size_t from, std::size_t to, const std::vector<Node>& nodes) const {
  const Node& sender = nodes[from];
  const Node& receiver = nodes[to];
  const double metres = std::max(kNearestM, distance_m(sender.position, receiver.position));
  const double loss = kLossAt1KmDb + 10 * kLossExponent * std::log10(metres / 1000);
  // The same in both directions.
  Random pair(mix(seed_ ^ 0x6C696E6B, (static_cast<std::uint64_t>(std::min(from, to)) << 32U) | std::max(from, to)));
  const double shadowing = pair.normal() * kShadowingDb;
  return static_cast<float>(sender.tx_power_dbm + sender.site_gain_db + receiver.site_gain_db - loss - shadowing);
}

}  // namespace mmm::sim
