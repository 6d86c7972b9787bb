#pragma once

#include "core/mesh/mesh_packet.pb.h"
#include "core/mesh/node_id.h"

#include <cstdint>

namespace mmm::mesh {

// Firmware 2.8 sends a new client what it remembers of each node (position, telemetry, status) as packets that look as
// if they were heard now. They are told by what no packet off the air has: no relay, background priority, Data without
// bitfield, no RSSI although the transport is LoRa.
bool is_replay(const MeshPacket& packet);

// What a replayed packet repeats; the value goes into its id.
enum class ReplayKind : std::uint32_t {
  kDeviceMetrics = 2,
  kPosition = 3,  // also environment metrics: the two share the number
  kEnvironmentMetrics = 3,
  kStatus = 36,
};

// The id that the radio gives a replayed packet: the same at each connection.
std::uint32_t replay_id(NodeNum node, std::uint32_t rx_time, ReplayKind kind);

}  // namespace mmm::mesh
