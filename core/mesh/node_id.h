#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace mmm::mesh {

// A node's number on the mesh. It can change: since firmware 2.8 it follows the node's public key.
using NodeNum = std::uint32_t;

inline constexpr NodeNum kBroadcast = 0xffffffff;
inline constexpr NodeNum kBroadcastNoLora = 1;  // everyone, but not over LoRa
// Smaller numbers are reserved and belong to no node.
inline constexpr NodeNum kNodeNumMin = 4;

constexpr bool is_broadcast(NodeNum num) {
  return num == kBroadcast || num == kBroadcastNoLora;
}

// "!%08x", for every number.
std::string format_node_id(NodeNum num);
// As a person writes a destination: "^all" for a broadcast, otherwise as format_node_id.
std::string format_destination(NodeNum num);

// Reads "!0a1b2c3d" (1 to 8 digits), "0x…", "^all" or a decimal number. kInvalidArgument says what is allowed.
Result<NodeNum> parse_node_id(std::string_view text);

}  // namespace mmm::mesh
