// What a radio does with a packet that its client wants to send.
#include "core/mesh/admin.pb.h"
#include "perf/sim/mesh/channels.h"
#include "perf/sim/radio/config_dump.h"
#include "perf/sim/radio/radio.h"

namespace mmm::sim {
namespace {

constexpr std::uint32_t kChannelsKnown = 2;
// What fits a LoRa frame.
constexpr std::size_t kPayloadBytesMax = 233;

// Ports that are never encrypted to the receiver's key, so that relays can take part in them.
bool stays_on_channel(mesh::PortNum port) {
  return port == mesh::TRACEROUTE_APP || port == mesh::NODEINFO_APP || port == mesh::ROUTING_APP ||
         port == mesh::POSITION_APP;
}

}  // namespace

AirPacket Radio::from_own_node() {
  AirPacket packet;
  packet.origin = world_.radio_nodes()[index_];
  packet.from = node_.num;
  packet.to = kBroadcast;
  packet.id = world_.next_packet_id(packet.origin);
  packet.hop_start = node_.hop_limit;
  packet.data.set_bitfield(0);
  return packet;
}

void Radio::client_packet(mesh::MeshPacket packet, SteadyTime now) {
  switch (limits_.check(packet, now)) {
    case ClientLimits::Verdict::kDuplicate:
      return;
    case ClientLimits::Verdict::kDrop:
      queue_status(packet.id());
      return;
    case ClientLimits::Verdict::kTracerouteLimit:
      notify(packet.id(), "TraceRoute can only be sent once every 30 seconds");
      queue_status(packet.id());
      return;
    case ClientLimits::Verdict::kTextLimit:
      routing_to_self(packet.id(), mesh::Routing::RATE_LIMIT_EXCEEDED);
      queue_status(packet.id());
      return;
    case ClientLimits::Verdict::kAccept:
      break;
  }
  if (packet.decoded().payload().size() > kPayloadBytesMax) {
    routing_to_self(packet.id(), mesh::Routing::TOO_LARGE);
    queue_status(packet.id(), mesh::Routing::TOO_LARGE);
    return;
  }
  if (packet.to() == node_.num) {
    if (packet.decoded().portnum() == mesh::ADMIN_APP) client_admin(packet);
    queue_status(packet.id());
    return;
  }
  if (packet.channel() >= kChannelsKnown) {
    routing_to_self(packet.id(), mesh::Routing::NO_CHANNEL);
    queue_status(packet.id(), mesh::Routing::NO_CHANNEL);
    return;
  }
  const bool direct = packet.to() != kBroadcast && !stays_on_channel(packet.decoded().portnum());
  if (direct && node_db_.public_key_of(packet.to()).empty()) {
    queue_status(packet.id(), mesh::Routing::PKI_SEND_FAIL_PUBLIC_KEY);
    routing_to_self(packet.id(), mesh::Routing::PKI_SEND_FAIL_PUBLIC_KEY);
    return;
  }
  if (client_packets_.refusal) {
    queue_status(packet.id(), *client_packets_.refusal);
    routing_to_self(packet.id(), *client_packets_.refusal);
    return;
  }
  if (!client_packets_.withheld) transmit(packet, direct);
  queue_status(packet.id());
}

void Radio::transmit(const mesh::MeshPacket& packet, bool direct) {
  AirPacket air = from_own_node();
  if (packet.id() != 0) air.id = packet.id();
  air.to = packet.to();
  air.channel = direct ? AirChannel::kDirect : static_cast<AirChannel>(packet.channel());
  air.data = packet.decoded();
  air.data.set_bitfield(air.data.want_response() ? 2 : 0);
  air.want_ack = packet.want_ack();
  // A limit of 0 means 0 hops, unless an acknowledgement is wanted: then the radio uses its own.
  air.hop_start = static_cast<std::uint8_t>(packet.hop_limit() == 0 && packet.want_ack() ? node_.hop_limit
                                                                                         : packet.hop_limit() & 7U);
  if (air.data.portnum() == mesh::TRACEROUTE_APP) {
    air.want_ack = true;
    air.trace = TraceRole::kRequest;
  }
  ++counts_.sent;
  world_.send(std::move(air));
}

void Radio::sent(const Transmission& transmission) {
  const AirPacket& air = transmission.packet;
  if (!air.want_ack || air.to != kBroadcast) return;
  // To a broadcast nobody answers: hearing it relayed is the acknowledgement.
  routing_to_self(air.id, transmission.relay_heard_by_origin ? mesh::Routing::NONE : mesh::Routing::MAX_RETRANSMIT);
}

void Radio::client_admin(const mesh::MeshPacket& packet) {
  mesh::AdminMessage request;
  if (!request.ParseFromString(packet.decoded().payload())) return;
  if (request.has_set_time_only()) {
    has_clock_ = true;
    return;
  }
  if (!request.has_get_device_metadata_request()) return;
  mesh::AdminMessage response;
  *response.mutable_get_device_metadata_response() = metadata_of(node_);
  mesh::MeshPacket answer = own_packet(mesh::ADMIN_APP, response.SerializeAsString());
  answer.mutable_decoded()->set_request_id(packet.id());
  queue_packet(answer, {.own = true});
}

}  // namespace mmm::sim
