#pragma once

#include "core/mesh/node.pb.h"
#include "core/mesh/position.pb.h"
#include "perf/sim/mesh/links.h"
#include "perf/sim/mesh/node.h"

#include <cstdint>

namespace mmm::sim {

// What a node says about itself; times are of the world's clock, µs since the epoch.

// Payload of port 4, and part of a node list.
mesh::User user_of(const Node& node);

// Payload of port 3: at the node's precision, or the time alone where it keeps its place to itself.
mesh::Position position_of(const Node& node, std::int64_t now_us, Random& random);

// Payload of port 71: the best links of the node.
mesh::NeighborInfo neighbors_of(const std::vector<Node>& nodes, const LinkTable& links, std::size_t index);

}  // namespace mmm::sim
