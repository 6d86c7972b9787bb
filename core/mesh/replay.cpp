#include "core/mesh/replay.h"

namespace mmm::mesh {

bool is_replay(const MeshPacket& packet) {
  if (!packet.has_decoded() || packet.decoded().has_bitfield()) {
    return false;
  }
  return packet.relay_node() == 0 && packet.priority() == MeshPacket::BACKGROUND && packet.rx_rssi() == 0 &&
         packet.transport_mechanism() == MeshPacket::TRANSPORT_LORA;
}

std::uint32_t replay_id(NodeNum node, std::uint32_t rx_time, ReplayKind kind) {
  constexpr std::uint32_t kMultiplier = 2654435761U;  // Knuth's multiplicative hash, as the firmware has it
  const std::uint32_t hash = (node * kMultiplier + rx_time) * kMultiplier + static_cast<std::uint32_t>(kind);
  return hash == 0 ? 1 : hash;
}

}  // namespace mmm::mesh
