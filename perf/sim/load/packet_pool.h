#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mmm::sim {

// A FromRadio message with a mesh packet, and where in it the fields stand that differ from copy to copy.
struct PacketTemplate {
  std::string bytes;
  std::size_t id_at = 0;  // 4 bytes, little-endian
  // 0: the packet has none.
  std::size_t snr_at = 0;        // a float of 4 bytes, little-endian
  std::size_t rssi_at = 0;       // the first of the varint's bytes, for -128 to -1
  std::size_t time_at = 0;       // 4 bytes, little-endian: seconds since the epoch
  std::size_t hop_limit_at = 0;  // a byte
  std::size_t relay_at = 0;      // a varint of two bytes, even when one would do
  std::uint8_t hop_limit = 0;    // as the pool's radio heard it
  std::uint8_t hop_start = 0;
  std::uint8_t from_byte = 0;  // the last of the sender's number: the relay of what comes from it directly
};

struct PacketPool {
  std::vector<PacketTemplate> packets;
  // What the radio told of itself, as FromRadio messages: my_info, metadata, its own node_info.
  std::string own_info;
  std::string metadata;
  std::string own_node;
};

struct PoolOptions {
  std::uint64_t seed = 1;
  std::size_t nodes = 60;
  std::size_t count = 0;    // packets
  std::int64_t now_us = 0;  // when the mesh starts
  // The pool begins with what each node tells of itself, so that all are known that any radio hears; traffic alone
  // names quiet ones late or never.
  bool introduced = false;
};

// Packets as radios all over a mesh hear them.
PacketPool make_packet_pool(const PoolOptions& options);

}  // namespace mmm::sim
