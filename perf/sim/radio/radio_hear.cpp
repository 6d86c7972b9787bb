// What a radio makes of a packet that it hears.
#include "perf/sim/mesh/channels.h"
#include "perf/sim/mesh/telemetry_payload.h"
#include "perf/sim/radio/radio.h"

#include <algorithm>
#include <cmath>

namespace mmm::sim {
namespace {

std::int32_t quarters(float snr) {
  return static_cast<std::int32_t>(std::lround(snr * 4));
}

// The payload of a traceroute as it stands when it arrives: each relay added itself on the way.
std::string traced(const AirPacket& air, const HeardPacket& heard) {
  mesh::RouteDiscovery route;
  // What the answering node has put in; empty for one that answers an unseen request.
  route.ParseFromString(air.data.payload());
  if (air.trace == TraceRole::kRequest) {
    for (const std::uint32_t relay : heard.route) route.add_route(relay);
    for (const float snr : heard.route_snr) route.add_snr_towards(quarters(snr));
    return route.SerializeAsString();
  }
  if (route.snr_towards().empty()) {
    // The request went the same way, a little worse.
    for (std::size_t i = heard.route.size(); i-- > 0;) route.add_route(heard.route[i]);
    for (std::size_t i = heard.route_snr.size(); i-- > 0;) route.add_snr_towards(quarters(heard.route_snr[i]) - 3);
  }
  for (const std::uint32_t relay : heard.route) route.add_route_back(relay);
  for (const float snr : heard.route_snr) route.add_snr_back(quarters(snr));
  return route.SerializeAsString();
}

}  // namespace

// Writes Data or ciphertext as this radio can read it; false when the packet stays inside the radio.
bool Radio::fill_content(mesh::MeshPacket& packet, const AirPacket& air, const HeardPacket& heard) const {
  switch (air.channel) {
    case AirChannel::kLongFast:
    case AirChannel::kSecond:
      *packet.mutable_decoded() = air.data;
      packet.set_channel(static_cast<std::uint32_t>(air.channel));
      if (air.trace != TraceRole::kNone) packet.mutable_decoded()->set_payload(traced(air, heard));
      return true;
    case AirChannel::kDirect: {
      const std::string key = node_db_.public_key_of(air.from);
      if (key.empty()) {
        // The sender's key is unknown: nobody can read it, and the channel hash of such packets is 0.
        packet.set_encrypted(air.ciphertext);
        return delivers_foreign_;
      }
      *packet.mutable_decoded() = air.data;
      packet.set_pki_encrypted(true);
      packet.set_public_key(key);
      return true;
    }
    default:
      packet.set_encrypted(air.ciphertext);
      packet.set_channel(channel_info(air.channel).hash);
      return delivers_foreign_;
  }
}

void Radio::hear(const Transmission& transmission, const HeardPacket& heard) {
  const AirPacket& air = transmission.packet;
  ++counts_.received;
  if (heard.reception.relayed) ++counts_.relayed;
  // Between others: relayed, but none of the client's business.
  if (air.to != kBroadcast && air.to != node_.num) return;

  mesh::MeshPacket packet;
  packet.set_from(air.from);
  packet.set_to(air.to);
  packet.set_id(air.id);
  const bool readable = air.channel == AirChannel::kLongFast || air.channel == AirChannel::kSecond;
  if (!fill_content(packet, air, heard)) return;
  const std::int64_t heard_us = transmission.sent_us + heard.reception.delay_us;
  stamp(packet, heard_us);
  packet.set_rx_snr(heard.reception.snr);
  packet.set_rx_rssi(heard.reception.rssi);
  packet.set_hop_limit(heard.reception.hop_limit);
  packet.set_hop_start(air.hop_start);
  // The header of a packet that nobody may relay has no room for a relay.
  if (air.hop_start != 0) packet.set_relay_node(heard.relay_byte);
  packet.set_want_ack(air.want_ack && air.to != kBroadcast);
  packet.set_priority(air.priority);
  packet.set_via_mqtt(air.via_mqtt);
  packet.set_transport_mechanism(mesh::MeshPacket::TRANSPORT_LORA);

  if (air.simulator_copy && packet.has_decoded()) {
    mesh::MeshPacket copy = packet;
    mesh::Compressed wrapped;
    wrapped.set_portnum(packet.decoded().portnum());
    wrapped.set_data(packet.decoded().payload());
    copy.mutable_decoded()->set_portnum(mesh::SIMULATOR_APP);
    copy.mutable_decoded()->set_payload(wrapped.SerializeAsString());
    queue_packet(copy, {.simulated = true});
  }
  queue_packet(packet, {.malformed = air.malformed});
  if (readable) node_db_.heard(air, heard.reception, epoch_seconds(heard_us));
  // Each packet that a node sends on goes through its transmit queue, which it reports.
  if (heard.reception.relayed && state_ == State::kPackets) queue_status(air.id);
}

}  // namespace mmm::sim
