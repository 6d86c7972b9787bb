#pragma once

#include "perf/sim/mesh/node.h"

#include <cstdint>
#include <vector>

namespace mmm::sim {

struct PopulationOptions {
  std::uint64_t seed = 1;
  std::size_t nodes = 60;
  GeoPoint center{48.137, 11.575};
  double radius_km = 12;
  std::int64_t start_us = 0;  // the world's clock when it begins
};

// The nodes of the mesh: the same options give the same nodes.
std::vector<Node> make_population(const PopulationOptions& options);

// The nodes at which `radios` listening radios stand: the first near the centre, each further one far from those
// before, all stationary. Indexes into `nodes`; radios ≤ nodes.
std::vector<std::size_t> place_radios(const std::vector<Node>& nodes, GeoPoint center, double radius_km,
                                      std::size_t radios);

}  // namespace mmm::sim
