#pragma once

#include "core/mesh/mesh_packet.pb.h"

#include <cstdint>
#include <string>
#include <vector>

namespace mmm::sim {

// How a packet is encrypted on air, which decides what a radio can do with it.
enum class AirChannel : std::uint8_t {
  kLongFast,           // the public channel: every radio has it as index 0
  kSecond,             // the radios' second channel, index 1, with a key of its own
  kForeignDefaultKey,  // a name that the radios do not have, with the public key: others can read it
  kForeignPrivate,     // name and key unknown to everybody here
  kDirect,             // encrypted to the key of the receiver
};

enum class TraceRole : std::uint8_t { kNone, kRequest, kReply };

// A packet as its sender gave it to the mesh.
struct AirPacket {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  std::uint32_t id = 0;
  std::size_t origin = 0;  // index of the sending node
  AirChannel channel = AirChannel::kLongFast;
  mesh::Data data;
  std::uint8_t hop_start = 3;
  bool want_ack = false;
  bool via_mqtt = false;
  mesh::MeshPacket::Priority priority = mesh::MeshPacket::DEFAULT;
  // The payload is deliberately not what its port says.
  bool malformed = false;
  // The radio's simulator hands out the transmission as well, wrapped for port 69 under the same id.
  bool simulator_copy = false;
  TraceRole trace = TraceRole::kNone;
  // Only for channels that radios cannot read, and for kDirect: the ciphertext of `data`.
  std::string ciphertext;
};

}  // namespace mmm::sim
