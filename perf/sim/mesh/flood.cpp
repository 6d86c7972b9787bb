#include "perf/sim/mesh/flood.h"

#include <algorithm>
#include <cmath>

namespace mmm::sim {
namespace {

constexpr double kLossOfPacket = 0.03;  // collisions and interference
constexpr std::int64_t kSlotUs = 28'000;

bool relays(Role role) {
  return role != Role::kClientMute;
}
bool is_router(Role role) {
  return role == Role::kRouter || role == Role::kRouterLate;
}

// The weaker the signal, the smaller the contention window: distant nodes carry a packet farthest. Routers come before
// clients, late routers after them.
std::int64_t contention_us(Role role, float snr, Random& random) {
  const float share = std::clamp((snr + 20.0F) / 30.0F, 0.0F, 1.0F);
  const auto window = 1U << (3U + static_cast<unsigned>(std::lround(share * 4)));
  const std::int64_t slots = random.below(window);
  if (role == Role::kRouter) return slots / 2 * kSlotUs;
  const std::int64_t after_routers = 16 + slots;
  return (role == Role::kRouterLate ? after_routers + 128 : after_routers) * kSlotUs;
}

}  // namespace

Flood::Flood(std::size_t nodes) : place_(nodes, kNotHeard), waiting_(nodes, false) {}

const std::vector<Reception>& Flood::run(const std::vector<Node>& nodes, const LinkTable& links, std::size_t origin,
                                         std::uint8_t hop_limit, std::int64_t airtime_us, Random& random) {
  std::ranges::fill(place_, kNotHeard);
  waiting_.assign(waiting_.size(), false);
  receptions_.clear();
  turns_.clear();
  // The origin never takes its own packet back.
  receptions_.push_back({.node = origin, .sender = origin, .hop_limit = hop_limit});
  place_[origin] = 0;
  relay_heard_by_origin_ = false;

  const auto later = [](const Turn& a, const Turn& b) {
    return a.at_us != b.at_us ? a.at_us > b.at_us : a.node > b.node;
  };
  transmit(nodes, links, origin, hop_limit, 0, airtime_us, random);
  while (!turns_.empty()) {
    std::ranges::pop_heap(turns_, later);
    const Turn turn = turns_.back();
    turns_.pop_back();
    if (!waiting_[turn.node]) continue;
    waiting_[turn.node] = false;
    Reception& own = receptions_[place_[turn.node]];
    own.relayed = true;
    const auto remaining = static_cast<std::uint8_t>(own.hop_limit - 1);
    transmit(nodes, links, turn.node, remaining, turn.at_us, airtime_us, random);
  }
  receptions_.erase(receptions_.begin());
  for (auto& place : place_) {
    if (place != kNotHeard) place = place == 0 ? kNotHeard : place - 1;
  }
  return receptions_;
}

void Flood::transmit(const std::vector<Node>& nodes, const LinkTable& links, std::size_t sender, std::uint8_t hop_limit,
                     std::int64_t at_us, std::int64_t airtime_us, Random& random) {
  const auto later = [](const Turn& a, const Turn& b) {
    return a.at_us != b.at_us ? a.at_us > b.at_us : a.node > b.node;
  };
  const std::int64_t arrival_us = at_us + airtime_us;
  for (const Link& link : links.from(sender)) {
    const float rssi = link.mean_dbm + static_cast<float>(random.normal()) * kFadingDb;
    const float snr = rssi - kNoiseFloorDbm;
    const bool lost = random.chance(kLossOfPacket);
    if (snr < kSnrDecodableDb || lost) continue;
    const Node& node = nodes[link.to];
    if (place_[link.to] == 0) relay_heard_by_origin_ = true;
    if (place_[link.to] != kNotHeard) {
      if (!is_router(node.role)) waiting_[link.to] = false;
      continue;
    }
    place_[link.to] = static_cast<std::uint32_t>(receptions_.size());
    // Chips report quarters of a decibel.
    const float reported = std::round(std::min(snr, kSnrReportedMaxDb) * 4) / 4;
    receptions_.push_back({.node = link.to,
                           .sender = sender,
                           .hop_limit = hop_limit,
                           .snr = reported,
                           .rssi = static_cast<int>(std::lround(std::min(rssi, -20.0F))),
                           .delay_us = arrival_us,
                           .relayed = false});
    if (hop_limit == 0 || !relays(node.role)) continue;
    waiting_[link.to] = true;
    turns_.push_back({arrival_us + contention_us(node.role, snr, random), link.to});
    std::ranges::push_heap(turns_, later);
  }
}

std::vector<std::size_t> Flood::relays_to(std::size_t origin, std::size_t node) const {
  std::vector<std::size_t> relays;
  for (const Reception* reception = at(node); reception != nullptr && reception->sender != origin;
       reception = at(reception->sender)) {
    relays.push_back(reception->sender);
  }
  std::ranges::reverse(relays);
  return relays;
}

const Reception* Flood::at(std::size_t node) const {
  return place_[node] == kNotHeard ? nullptr : &receptions_[place_[node]];
}

}  // namespace mmm::sim
