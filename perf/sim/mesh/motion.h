#pragma once

#include "perf/sim/mesh/node.h"

namespace mmm::sim {

// Moves a node for `seconds` towards its target, and gives it a rest and a new target in the disc when it arrives. True
// when its position changed. Times are of the world's clock, µs since the epoch.
bool advance(Node& node, double seconds, std::int64_t now_us, GeoPoint center, double radius_m, Random& random);

}  // namespace mmm::sim
