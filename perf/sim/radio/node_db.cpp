#include "perf/sim/radio/node_db.h"

#include "core/mesh/application.pb.h"
#include "core/mesh/replay.h"
#include "perf/sim/mesh/node_payload.h"
#include "perf/sim/mesh/telemetry_payload.h"

#include <algorithm>

namespace mmm::sim {
namespace {

constexpr std::uint32_t kOnlineSeconds = 2 * 3600;
// A radio's memory for positions and telemetry is small.
constexpr std::size_t kReplayedNodesMax = 100;

mesh::MeshPacket replayed(std::uint32_t num, std::uint32_t rx_time, mesh::ReplayKind kind, mesh::PortNum port,
                          std::string payload) {
  mesh::MeshPacket packet;
  packet.set_from(num);
  packet.set_to(kBroadcast);
  packet.set_id(mesh::replay_id(num, rx_time, kind));
  packet.set_rx_time(rx_time);
  packet.set_priority(mesh::MeshPacket::BACKGROUND);
  packet.set_transport_mechanism(mesh::MeshPacket::TRANSPORT_LORA);
  packet.mutable_decoded()->set_portnum(port);
  packet.mutable_decoded()->set_payload(std::move(payload));
  return packet;
}

}  // namespace

NodeDb::NodeDb(const World& world, std::size_t radio, std::uint64_t seed) {
  const std::int64_t now_us = world.now_us();
  const std::uint32_t now_s = epoch_seconds(now_us);
  for (std::size_t i = 0; i < world.nodes().size(); ++i) {
    if (i == world.radio_nodes()[radio]) continue;
    Node node = world.nodes()[i];  // a copy: making telemetry moves its battery
    Random random(mix(mix(seed, 0x6E6F64656462 + radio), node.num));
    if (!random.chance(0.75)) continue;
    Known& known = nodes_[node.num];
    if (random.chance(0.9)) known.user = user_of(node);
    known.last_heard_s = now_s - random.between(60, 26 * 3600);
    known.snr = static_cast<float>(random.between(0, 110)) / 4 - 17;
    known.hops = random.below(5);
    known.via_mqtt = random.chance(0.05);
    const std::int64_t heard_us = static_cast<std::int64_t>(known.last_heard_s) * 1'000'000;
    // Not at the same second as the last packet: their replays would share an id.
    if (random.chance(0.6)) known.position = position_of(node, heard_us - 600'000'000, random);
    if (random.chance(0.6)) known.device = device_telemetry(node, heard_us, random);
    if (node.sensors.environment) known.environment = environment_telemetry(node, heard_us, random);
  }
}

void NodeDb::heard(const AirPacket& packet, const Reception& reception, std::uint32_t now_s) {
  Known& known = nodes_[packet.from];
  known.last_heard_s = now_s;
  known.snr = reception.snr;
  known.hops = packet.hop_start - reception.hop_limit;
  known.via_mqtt = packet.via_mqtt;
  if (!packet.malformed) remember_payload(known, packet);
}

void NodeDb::remember_payload(Known& known, const AirPacket& packet) {
  const std::string& payload = packet.data.payload();
  switch (packet.data.portnum()) {
    case mesh::NODEINFO_APP:
      if (mesh::User user; user.ParseFromString(payload)) known.user = std::move(user);
      break;
    case mesh::POSITION_APP:
      if (mesh::Position position; position.ParseFromString(payload)) known.position = std::move(position);
      break;
    case mesh::TELEMETRY_APP: {
      mesh::Telemetry telemetry;
      if (!telemetry.ParseFromString(payload)) break;
      if (telemetry.has_device_metrics())
        known.device = std::move(telemetry);
      else if (telemetry.has_environment_metrics())
        known.environment = std::move(telemetry);
      break;
    }
    case mesh::NODE_STATUS_APP:
      known.status = payload;
      break;
    default:
      break;
  }
}

std::vector<mesh::NodeInfo> NodeDb::infos() const {
  std::vector<mesh::NodeInfo> infos;
  for (const auto& [num, known] : nodes_) {
    mesh::NodeInfo& info = infos.emplace_back();
    info.set_num(num);
    if (known.user) *info.mutable_user() = *known.user;
    info.set_snr(known.snr);
    info.set_last_heard(known.last_heard_s);
    info.set_hops_away(known.hops);
    info.set_via_mqtt(known.via_mqtt);
  }
  return infos;
}

std::vector<mesh::MeshPacket> NodeDb::replay(std::uint32_t hop_limit) const {
  std::vector<mesh::MeshPacket> packets;
  const auto add = [&](mesh::MeshPacket packet, const Known& known) {
    packet.set_hop_start(hop_limit);
    packet.set_hop_limit(hop_limit - std::min(hop_limit, known.hops));
    packet.set_rx_snr(known.snr);
    packets.push_back(std::move(packet));
  };
  std::size_t count = 0;
  for (const auto& [num, known] : nodes_) {
    if (++count > kReplayedNodesMax) break;
    const std::uint32_t heard = known.last_heard_s;
    if (known.position) {
      const std::uint32_t time = known.position->time() != 0 ? known.position->time() : heard;
      add(replayed(num, time, mesh::ReplayKind::kPosition, mesh::POSITION_APP, known.position->SerializeAsString()),
          known);
    }
    if (known.device) {
      add(replayed(num, heard, mesh::ReplayKind::kDeviceMetrics, mesh::TELEMETRY_APP,
                   known.device->SerializeAsString()),
          known);
    }
    if (known.environment) {
      add(replayed(num, heard, mesh::ReplayKind::kEnvironmentMetrics, mesh::TELEMETRY_APP,
                   known.environment->SerializeAsString()),
          known);
    }
    if (!known.status.empty()) {
      add(replayed(num, heard, mesh::ReplayKind::kStatus, mesh::NODE_STATUS_APP, known.status), known);
    }
  }
  return packets;
}

std::string NodeDb::public_key_of(std::uint32_t num) const {
  const auto found = nodes_.find(num);
  return found != nodes_.end() && found->second.user ? found->second.user->public_key() : std::string();
}

std::size_t NodeDb::online(std::uint32_t now_s) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      nodes_, [&](const auto& entry) { return entry.second.last_heard_s + kOnlineSeconds >= now_s; }));
}

}  // namespace mmm::sim
