#include "perf/sim/mesh/population.h"

#include "core/base/check.h"
#include "perf/sim/mesh/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <unordered_set>

namespace mmm::sim {
namespace {

constexpr std::int64_t kHourUs = 3'600'000'000;

// HardwareModel numbers seen often, and a number that no table knows.
constexpr std::array<std::uint32_t, 14> kHardware = {43, 4, 9, 7, 50, 71, 12, 31, 44, 69, 110, 88, 37, 9999};

struct RoleChoice {
  Role role;
  double weight;
};
constexpr std::array kRoles = {RoleChoice{Role::kClient, 58},    RoleChoice{Role::kClientMute, 8},
                               RoleChoice{Role::kRouter, 7},     RoleChoice{Role::kTracker, 5},
                               RoleChoice{Role::kSensor, 5},     RoleChoice{Role::kClientHidden, 2},
                               RoleChoice{Role::kRouterLate, 3}, RoleChoice{Role::kClientBase, 12}};

Role choose_role(Random& random) {
  std::array<double, kRoles.size()> weights{};
  std::ranges::transform(kRoles, weights.begin(), &RoleChoice::weight);
  return kRoles[random.weighted(weights)].role;
}

void place(Node& node, const PopulationOptions& options, Random& random) {
  // The square root spreads evenly over the disc; the power above it thickens the middle, as towns do.
  const double metres = options.radius_km * 1000 * std::pow(random.uniform(), 0.65);
  node.home = moved(options.center, random.uniform(0, 2 * std::numbers::pi), metres);
  node.position = node.home;
  node.altitude_m = 500 + static_cast<int>(random.below(60));
}

void choose_site(Node& node, Random& random) {
  switch (node.role) {
    case Role::kRouter:
    case Role::kRouterLate:
      node.site_gain_db = random.uniform(0, 8);
      node.altitude_m += static_cast<int>(random.between(20, 180));
      break;
    case Role::kClientBase:
      node.site_gain_db = random.uniform(-8, 2);
      break;
    case Role::kTracker:
      node.site_gain_db = random.uniform(-18, -10);
      break;
    default:
      node.site_gain_db = random.uniform(-22, -6);
      break;
  }
  node.tx_power_dbm = random.chance(0.3) ? 27 : 20;
}

void choose_motion(Node& node, Random& random) {
  const bool moves = node.role == Role::kTracker || (node.role == Role::kClient && random.chance(0.12));
  if (!moves) return;
  constexpr std::array kSpeedsMs = {1.4, 4.5, 11.0};  // on foot, bicycle, car
  node.motion.speed_ms = kSpeedsMs[random.below(3)];
  node.motion.target = node.home;
}

void choose_power(Node& node, const PopulationOptions& options, Random& random) {
  node.battery.updated_us = options.start_us;
  node.battery.level = random.uniform(15, 100);
  node.battery.powered = node.role == Role::kClientBase || random.chance(0.25);
  node.battery.drain_per_hour = random.uniform(0.3, 2.5);
  const bool panel = node.role == Role::kRouter || node.role == Role::kRouterLate || random.chance(0.1);
  if (panel) node.battery.solar_per_hour = random.uniform(4, 12);
}

void choose_habits(Node& node, Random& random) {
  node.hw_model = random.pick(std::span<const std::uint32_t>(kHardware));
  node.licensed = random.chance(0.04);
  node.sends_bitfield = random.chance(0.93);
  node.ok_to_mqtt = random.chance(0.4);
  node.hop_limit = static_cast<std::uint8_t>(random.chance(0.7) ? 3 : random.between(1, 7));
  node.shares_position = random.chance(0.75);
  constexpr std::array<std::uint32_t, 6> kPrecisions = {10, 13, 14, 15, 19, 32};
  node.precision_bits = random.pick(std::span<const std::uint32_t>(kPrecisions));
  if (node.role == Role::kTracker) node.precision_bits = 32;
  node.sensors = {.environment = node.role == Role::kSensor || random.chance(0.15),
                  .air_quality = random.chance(0.06),
                  .power = random.chance(0.08),
                  .health = random.chance(0.03),
                  .host = random.chance(0.05),
                  .pax = random.chance(0.06)};
  // A few nodes make much of the traffic.
  node.activity = random.exponential(1) + 0.1;
}

void choose_identity(Node& node, std::size_t index, std::unordered_set<std::uint32_t>& taken, Random& random) {
  // Most nodes run 2.8, where the number follows from the key; older ones took the end of their MAC address.
  const bool number_from_key = random.chance(0.7);
  do {
    node.keys = make_key_pair(random);
    node.num = number_from_key ? node_number_of(node.keys.public_key) : random.next_u32();
  } while (node.num < 4 || node.num == kBroadcast || !taken.insert(node.num).second);
  node.has_key = (number_from_key || random.chance(0.7)) && !node.licensed;
  node.id = fmt::format("!{:08x}", node.num);
  NodeName name = make_node_name(index, random);
  node.long_name = std::move(name.long_name);
  node.short_name = std::move(name.short_name);
}

}  // namespace

std::vector<Node> make_population(const PopulationOptions& options) {
  std::vector<Node> nodes(options.nodes);
  std::unordered_set<std::uint32_t> taken;
  for (std::size_t index = 0; index < nodes.size(); ++index) {
    Node& node = nodes[index];
    // A stream of its own: a larger mesh from the same seed begins with the same nodes.
    Random random(mix(mix(options.seed, 0x6E6F6465), index));
    node.role = choose_role(random);
    choose_habits(node, random);
    choose_identity(node, index, taken, random);
    place(node, options, random);
    choose_site(node, random);
    choose_motion(node, random);
    choose_power(node, options, random);
    node.boot_us = options.start_us - static_cast<std::int64_t>(random.uniform(0.05, 700) * kHourUs);
  }
  return nodes;
}

std::vector<std::size_t> place_radios(const std::vector<Node>& nodes, GeoPoint center, double radius_km,
                                      std::size_t radios) {
  MMM_CHECK(radios <= nodes.size());
  std::vector<std::size_t> chosen;
  while (chosen.size() < radios) {
    std::size_t best = nodes.size();
    double best_score = -std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (std::ranges::find(chosen, i) != chosen.end()) continue;
      const double from_center = distance_m(center, nodes[i].home);
      double score = -from_center;
      if (!chosen.empty()) {
        double nearest = std::numeric_limits<double>::infinity();
        for (const std::size_t other : chosen)
          nearest = std::min(nearest, distance_m(nodes[i].home, nodes[other].home));
        // Far from the other radios, but not at the rim, where little is heard.
        score = nearest - 2 * std::max(0.0, from_center - radius_km * 600);
      }
      // Somebody who records a mesh has a good antenna that stays where it is.
      score += nodes[i].site_gain_db * 300 - (nodes[i].motion.speed_ms > 0 ? 1e6 : 0);
      if (score > best_score) {
        best_score = score;
        best = i;
      }
    }
    chosen.push_back(best);
  }
  return chosen;
}

}  // namespace mmm::sim
