#pragma once

#include "core/mesh/decode.h"
#include "core/mesh/node_id.h"

#include <cstdint>
#include <string>
#include <vector>

namespace mmm::mesh {

// What whoever runs the server keeps back from everyone who reads it. It acts on what radios said before it is put into
// the index, and again wherever a raw record is read; the records themselves stay as they came.
struct Privacy {
  static constexpr std::uint32_t kExactBits = 32;

  // Positions are shown to at most so many bits, as radios round them: each bit less doubles the side of the cell,
  // which is 730 m at 16 bits and 5.8 km at 13. 0: no positions.
  std::uint32_t position_bits = kExactBits;
  // As if nobody had heard them. Rising, each once.
  std::vector<NodeNum> hidden_nodes{};

  [[nodiscard]] bool is_active() const { return position_bits < kExactBits || !hidden_nodes.empty(); }
  [[nodiscard]] bool is_hidden(NodeNum node) const;

  // Each takes out what is kept back, and returns true when there was something. A hidden node on a route becomes one
  // that did not say who it is.
  bool limit(Payload& payload) const;
  bool limit(NodeInfo& info) const;
  bool limit(RouteDiscovery& route) const;

  // The same text for the same settings; empty when nothing is kept back.
  [[nodiscard]] std::string describe() const;

  friend bool operator==(const Privacy&, const Privacy&) = default;
};

}  // namespace mmm::mesh
