#pragma once

#include "perf/sim/mesh/random.h"

#include <string>
#include <string_view>

namespace mmm::sim {

struct NodeName {
  std::string long_name;   // ≤ 39 bytes
  std::string short_name;  // ≤ 4 bytes
};

// The name of the node at `index` of the mesh. A few indexes carry hostile names: markup, right-to-left overrides,
// bytes that are no UTF-8, control characters; the rest are ordinary.
NodeName make_node_name(std::size_t index, Random& random);

// A text as people write it, in several languages, ≤ 200 bytes; now and then markup or bytes that are no UTF-8.
std::string make_text(Random& random);

// One emoji, as a tapback carries it.
std::string_view make_tapback(Random& random);

}  // namespace mmm::sim
