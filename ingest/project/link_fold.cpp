#include "core/mesh/decode.h"
#include "ingest/project/projection.h"

// What records tell of who hears whom.
namespace mmm::ingest {
namespace {

constexpr std::uint32_t kRelayMax = 0xFF;

}  // namespace

Result<> Projection::fold_signal(const AgentBook::Source& source, const Record& record, const mesh::Packet& packet,
                                 std::optional<double> snr) {
  if (packet.hops_away == 0U && !packet.via_mqtt) {
    if (options_.privacy.is_hidden(source.stream->own_node)) return {};
    return links_.add({.key = {.from = packet.from, .to = source.stream->own_node},
                       .time_us = record.heard_us,
                       .snr = snr,
                       .rssi = packet.rx_rssi});
  }
  if (packet.relay_node != 0 && packet.relay_node <= kRelayMax) {
    links_.add_relay({.agent = source.agent->num,
                      .relay = packet.relay_node,
                      .last_us = record.heard_us,
                      .count = 1,
                      .snr = snr,
                      .rssi = packet.rx_rssi});
  }
  return {};
}

Result<> Projection::fold_links(const AgentBook::Source& source, const index::PacketRow& row,
                                const mesh::Packet& packet, const mesh::Payload& payload) {
  // What is repeated from a cache has been counted, or is older than we know.
  if ((row.flags & index::kReplay) != 0 || !is_node(row.from)) return {};
  if (const auto* info = std::get_if<mesh::NeighborInfo>(&payload)) {
    return links_.fold_neighbors(*info, row.from, row.time_us);
  }
  const auto* discovery = std::get_if<mesh::RouteDiscovery>(&payload);
  if (discovery == nullptr) return {};
  index::TracerouteRow traceroute{.packet = row.id, .agent = source.agent->num, .time_us = row.time_us};
  traceroute.is_reply = packet.data->request_id != 0;
  traceroute.request_id = traceroute.is_reply ? packet.data->request_id : packet.id;
  traceroute.from = traceroute.is_reply ? row.to : row.from;
  traceroute.to = traceroute.is_reply ? row.from : row.to;
  return links_.fold_traceroute(std::move(traceroute), *discovery);
}

Result<> Projection::fold_further_copy(const AgentBook::Source& source, const index::PacketRow& row,
                                       const mesh::Packet& packet) {
  if (!packet.data || packet.data->port != mesh::TRACEROUTE_APP) return {};
  mesh::Payload payload = mesh::decode_payload(packet.data->port, packet.data->payload);
  options_.privacy.limit(payload);
  return fold_links(source, row, packet, payload);
}

}  // namespace mmm::ingest
