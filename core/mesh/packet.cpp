#include "core/mesh/packet.h"

#include "core/mesh/hops.h"
#include "core/mesh/replay.h"

namespace mmm::mesh {
namespace {

bool received_over_lora(const MeshPacket& packet) {
  switch (packet.transport_mechanism()) {
    case MeshPacket::TRANSPORT_LORA:
    case MeshPacket::TRANSPORT_LORA_ALT1:
    case MeshPacket::TRANSPORT_LORA_ALT2:
    case MeshPacket::TRANSPORT_LORA_ALT3:
      return true;
    case MeshPacket::TRANSPORT_INTERNAL:
      // Firmware before 2.7 says this for everything; what it heard on the air has a signal.
      return packet.rx_rssi() != 0 || packet.rx_snr() != 0;
    default:
      return false;
  }
}

}  // namespace

PacketData view_data(const Data& data) {
  PacketData view;
  view.port = static_cast<std::uint32_t>(data.portnum());
  view.payload = data.payload();
  view.request_id = data.request_id();
  view.reply_id = data.reply_id();
  if (data.has_bitfield()) view.bitfield = data.bitfield();
  view.is_reaction = data.emoji() != 0;
  view.want_response = data.want_response();
  view.is_signed = !data.xeddsa_signature().empty();
  return view;
}

Packet view_packet(const MeshPacket& packet, NodeNum own_node) {
  Packet view;
  view.from = packet.from() == 0 ? own_node : packet.from();
  view.to = packet.to();
  view.id = packet.id();
  view.channel = packet.channel();
  view.hop_start = packet.hop_start();
  view.hop_limit = packet.hop_limit();
  view.hops_away = hops_away(packet.hop_start(), packet.hop_limit(), packet.decoded().has_bitfield());
  view.next_hop = packet.next_hop();
  view.relay_node = packet.relay_node();
  view.rx_time = packet.rx_time();
  view.over_lora = received_over_lora(packet);
  if (view.over_lora) {
    view.rx_snr = packet.rx_snr();
    if (packet.rx_rssi() != 0) view.rx_rssi = packet.rx_rssi();
  }
  view.transport = packet.transport_mechanism();
  view.priority = packet.priority();
  view.want_ack = packet.want_ack();
  view.via_mqtt = packet.via_mqtt();
  view.pki_encrypted = packet.pki_encrypted();
  view.from_own_node = packet.from() == 0 || (own_node != 0 && packet.from() == own_node);
  view.is_replay = is_replay(packet);
  view.is_simulated = packet.decoded().portnum() == SIMULATOR_APP;
  if (packet.has_decoded()) view.data = view_data(packet.decoded());
  view.encrypted = packet.encrypted();
  return view;
}

}  // namespace mmm::mesh
