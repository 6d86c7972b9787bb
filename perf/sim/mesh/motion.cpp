#include "perf/sim/mesh/motion.h"

#include <cmath>
#include <numbers>

namespace mmm::sim {

bool advance(Node& node, double seconds, std::int64_t now_us, GeoPoint center, double radius_m, Random& random) {
  Motion& motion = node.motion;
  if (now_us < motion.rest_until_us) return false;
  const double step = motion.speed_ms * seconds;
  const double remaining = distance_m(node.position, motion.target);
  if (remaining > step) {
    node.position = moved(node.position, bearing_to(node.position, motion.target), step);
    return true;
  }
  node.position = motion.target;
  const double metres = radius_m * std::sqrt(random.uniform());
  motion.target = moved(center, random.uniform(0, 2 * std::numbers::pi), metres);
  motion.rest_until_us = now_us + static_cast<std::int64_t>(random.exponential(600e6));
  return true;
}

}  // namespace mmm::sim
