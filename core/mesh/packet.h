#pragma once

#include "core/mesh/mesh_packet.pb.h"
#include "core/mesh/node_id.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace mmm::mesh {

// The readable content of a packet: the fields of Data.
struct PacketData {
  std::uint32_t port = 0;
  std::string_view payload;
  std::uint32_t request_id = 0;  // id of the packet that this answers, 0: none
  std::uint32_t reply_id = 0;    // id of the text that this replies or reacts to, 0: none
  std::optional<std::uint32_t> bitfield;
  bool is_reaction = false;  // the text is an emoji for the message reply_id
  bool want_response = false;
  bool is_signed = false;  // carries the sender's signature
};

// A packet as one radio received it, in plain values. The views point into the MeshPacket it was made from.
struct Packet {
  NodeNum from = 0;
  NodeNum to = 0;
  std::uint32_t id = 0;       // unique for the sender, for some minutes; 0 is never a duplicate
  std::uint32_t channel = 0;  // the radio's channel index when there is data, the channel hash when encrypted
  std::uint32_t hop_start = 0;
  std::uint32_t hop_limit = 0;
  std::optional<std::uint32_t> hops_away;  // a lower bound: some routers do not count themselves
  std::uint32_t next_hop = 0;              // last byte of the wanted relay's number, 0: none
  std::uint32_t relay_node = 0;            // last byte of the number of who transmitted this copy, 0: unknown
  std::uint32_t rx_time = 0;               // s since the epoch by the radio's clock, 0: it has none
  std::optional<float> rx_snr;             // dB of the last hop; only for packets that came over LoRa
  std::optional<std::int32_t> rx_rssi;     // dBm, likewise
  MeshPacket::TransportMechanism transport = MeshPacket::TRANSPORT_INTERNAL;
  MeshPacket::Priority priority = MeshPacket::UNSET;
  bool want_ack = false;
  bool via_mqtt = false;
  bool pki_encrypted = false;
  bool from_own_node = false;  // the attached radio itself is the sender
  bool is_replay = false;      // cached data that the radio repeats to a new client (replay.h): not heard now
  bool is_simulated = false;   // port 69: the copy for a simulated radio, which would shadow the real packet
  bool over_lora = false;      // the radio received it on the air (now or, if a replay, before), not over a network

  std::optional<PacketData> data;  // absent: encrypted, or neither; a caller that decrypts sets it to view_data()
  std::string_view encrypted;      // ciphertext when there is no data

  // Heard by the radio on the air now, and so a reception.
  [[nodiscard]] bool is_heard() const { return over_lora && !is_replay && !is_simulated && !from_own_node; }
};

// `own_node` is the attached radio's number, which the sender 0 stands for; 0 while unknown, then `from` may be 0.
// `packet` must outlive the result.
Packet view_packet(const MeshPacket& packet, NodeNum own_node);

// The content of a Data message, as in view_packet; for packets decrypted by us. `data` must outlive the result.
PacketData view_data(const Data& data);

}  // namespace mmm::mesh
