#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mmm::sim {

// A FromRadio message with a mesh packet, and where in it the fields stand that differ from copy to copy.
struct PacketTemplate {
  std::string bytes;
  std::size_t id_at = 0;   // 4 bytes, little-endian
  std::size_t snr_at = 0;  // a float of 4 bytes, little-endian; 0: the packet has none
};

struct PacketPool {
  std::vector<PacketTemplate> packets;
  // What the radio told of itself, as FromRadio messages: my_info, metadata, its own node_info.
  std::string own_info;
  std::string metadata;
  std::string own_node;
};

// `count` packets as a radio in a mesh of `nodes` nodes hears them.
PacketPool make_packet_pool(std::uint64_t seed, std::size_t nodes, std::size_t count, std::int64_t now_us);

}  // namespace mmm::sim
