#pragma once

#include "core/base/time.h"
#include "core/mesh/mesh_packet.pb.h"

#include <optional>

namespace mmm::agent {

// Decides when to tell a radio the time: its packets bear none, or one that is off by more than a minute.
class ClockSetter {
 public:
  void live(SteadyTime now);
  void received(const mesh::MeshPacket& packet, WallTime arrival, SteadyTime now);
  // The packet that sets the clock, once, when it is needed. `own_node` is the radio's number.
  std::optional<mesh::MeshPacket> next_packet(std::uint32_t own_node, std::uint32_t id, WallTime wall, SteadyTime now);

 private:
  SteadyTime judge_from_{};
  bool needed_ = false;
};

}  // namespace mmm::agent
