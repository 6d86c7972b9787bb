#include "perf/sim/mesh/node_payload.h"

#include "perf/sim/mesh/telemetry_payload.h"

#include <algorithm>
#include <cmath>

namespace mmm::sim {
namespace {

// The firmware reports at most this many.
constexpr std::size_t kNeighborsMax = 10;

bool infrastructure(Role role) {
  return role == Role::kRouter || role == Role::kRouterLate || role == Role::kSensor;
}

}  // namespace

mesh::User user_of(const Node& node) {
  mesh::User user;
  user.set_id(node.id);
  user.set_long_name(node.long_name);
  user.set_short_name(node.short_name);
  user.set_hw_model(static_cast<mesh::HardwareModel>(node.hw_model));
  user.set_role(static_cast<mesh::Config::DeviceConfig::Role>(node.role));
  user.set_is_licensed(node.licensed);
  if (node.has_key) user.set_public_key(node.keys.public_key);
  if (infrastructure(node.role)) user.set_is_unmessagable(true);
  return user;
}

mesh::Position position_of(const Node& node, std::int64_t now_us, Random& random) {
  mesh::Position position;
  position.set_time(epoch_seconds(now_us));
  if (!node.shares_position) return position;
  position.set_latitude_i(with_precision(to_fixed(node.position.latitude), node.precision_bits));
  position.set_longitude_i(with_precision(to_fixed(node.position.longitude), node.precision_bits));
  position.set_altitude(node.altitude_m);
  position.set_precision_bits(node.precision_bits);
  const bool moving = node.motion.speed_ms > 0;
  position.set_location_source(moving ? mesh::Position::LOC_INTERNAL : mesh::Position::LOC_MANUAL);
  if (!moving) return position;
  position.set_timestamp(epoch_seconds(now_us) - random.below(3));
  position.set_sats_in_view(random.between(4, 22));
  position.set_pdop(random.between(90, 400));
  const bool resting = node.motion.rest_until_us > now_us;
  position.set_ground_speed(resting ? 0 : static_cast<std::uint32_t>(std::lround(node.motion.speed_ms * 3.6)));
  const double track = bearing_to(node.position, node.motion.target) * 180 / 3.14159265358979;
  position.set_ground_track(static_cast<std::uint32_t>(track * 1e5));
  position.set_seq_number(node.packets_sent);
  return position;
}

mesh::NeighborInfo neighbors_of(const std::vector<Node>& nodes, const LinkTable& links, std::size_t index) {
  std::vector<Link> best = links.from(index);
  const std::size_t count = std::min(kNeighborsMax, best.size());
  std::ranges::partial_sort(best, best.begin() + static_cast<std::ptrdiff_t>(count),
                            [](const Link& a, const Link& b) { return a.mean_dbm > b.mean_dbm; });
  mesh::NeighborInfo info;
  info.set_node_id(nodes[index].num);
  info.set_last_sent_by_id(nodes[index].num);
  info.set_node_broadcast_interval_secs(21'600);
  for (std::size_t i = 0; i < count; ++i) {
    auto& neighbor = *info.add_neighbors();
    neighbor.set_node_id(nodes[best[i].to].num);
    const float snr = std::min(best[i].mean_dbm - kNoiseFloorDbm, kSnrReportedMaxDb);
    neighbor.set_snr(std::round(snr * 4) / 4);
  }
  return info;
}

}  // namespace mmm::sim
