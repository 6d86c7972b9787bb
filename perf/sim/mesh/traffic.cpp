#include "perf/sim/mesh/traffic.h"

#include "core/mesh/application.pb.h"
#include "perf/sim/mesh/names.h"
#include "perf/sim/mesh/node_payload.h"
#include "perf/sim/mesh/telemetry_payload.h"

#include <algorithm>

namespace mmm::sim {
namespace {

enum Kind : std::uint8_t {
  kPosition,
  kTelemetry,
  kNodeInfo,
  kText,
  kForeign,
  kNeighbors,
  kRouting,
  kTraceRequest,
  kTraceReply,
  kDirectText,
  kWaypoint,
  kApplication,
  kUnknownPort,
  kMalformed,
  kKinds
};
constexpr std::array<double, kKinds> kShares = {26, 30, 10, 11, 6, 2.5, 2, 0.6, 0.6, 1.2, 0.7, 4, 1, 0.6};

enum Sensor : std::uint8_t { kDevice, kEnvironment, kAirQuality, kPower, kHealth, kHost, kPax };
// Of telemetry packets; traffic management statistics come from any node.
constexpr std::array kTelemetryShares = {62.0, 20.0, 4.0, 6.0, 2.0, 3.0};
constexpr double kTrafficStatsChance = 0.02;

constexpr std::size_t kRecentTextsMax = 32;
constexpr double kViaMqttChance = 0.03;
constexpr double kSimulatorCopyChance = 0.004;
constexpr double kSecondChannelChance = 0.25;
constexpr std::uint32_t kOkToMqttBit = 1;
constexpr std::uint32_t kWantResponseBit = 2;

}  // namespace

std::size_t Traffic::Senders::pick(Random& random) const {
  const double at = random.uniform() * sums.back();
  const auto place = std::ranges::upper_bound(sums, at) - sums.begin();
  return nodes[std::min(static_cast<std::size_t>(place), nodes.size() - 1)];
}

template <class Predicate>
Traffic::Senders Traffic::senders_where(Predicate predicate) const {
  Senders senders;
  double sum = 0;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (!predicate(i)) continue;
    sum += nodes_[i].activity;
    senders.nodes.push_back(i);
    senders.sums.push_back(sum);
  }
  return senders;
}

Traffic::Traffic(std::vector<Node>& nodes, const LinkTable& links, std::vector<std::size_t> radios)
    : nodes_(nodes), links_(links), radios_(std::move(radios)) {
  const auto with = [this](bool Sensors::* sensor) {
    return senders_where([this, sensor](std::size_t i) { return nodes_[i].sensors.*sensor; });
  };
  everyone_ = senders_where([](std::size_t) { return true; });
  others_ = senders_where([this](std::size_t i) { return std::ranges::find(radios_, i) == radios_.end(); });
  if (others_.nodes.empty()) others_ = everyone_;
  sensors_[kDevice] = everyone_;
  sensors_[kEnvironment] = with(&Sensors::environment);
  sensors_[kAirQuality] = with(&Sensors::air_quality);
  sensors_[kPower] = with(&Sensors::power);
  sensors_[kHealth] = with(&Sensors::health);
  sensors_[kHost] = with(&Sensors::host);
  sensors_[kPax] = with(&Sensors::pax);
  // A mesh too small to have such a sensor: anybody has it.
  for (auto& senders : sensors_) {
    if (senders.nodes.empty()) senders = everyone_;
  }
}

std::uint32_t Traffic::next_packet_id(Node& node, Random& random) const {
  std::uint32_t id = 0;
  while (id == 0) id = (random.next_u32() << 10U) | (node.packet_counter++ & 0x3FFU);
  return id;
}

AirPacket Traffic::make(std::int64_t now_us, Random& random) {
  AirPacket packet;
  switch (random.weighted(kShares)) {
    case kPosition: {
      const std::size_t origin = everyone_.pick(random);
      packet =
          from(origin, mesh::POSITION_APP, position_of(nodes_[origin], now_us, random).SerializeAsString(), random);
      break;
    }
    case kTelemetry:
      packet = telemetry(now_us, random);
      break;
    case kNodeInfo: {
      const std::size_t origin = everyone_.pick(random);
      packet = from(origin, mesh::NODEINFO_APP, user_of(nodes_[origin]).SerializeAsString(), random);
      break;
    }
    case kText:
      packet = text(random);
      break;
    case kForeign:
      packet = text(random);
      packet.channel = random.chance(0.5) ? AirChannel::kForeignDefaultKey : AirChannel::kForeignPrivate;
      break;
    case kNeighbors: {
      const std::size_t origin = everyone_.pick(random);
      packet = from(origin, mesh::NEIGHBORINFO_APP, neighbors_of(nodes_, links_, origin).SerializeAsString(), random);
      break;
    }
    case kRouting:
      packet = routing(random);
      break;
    case kTraceRequest:
      packet = trace_request(random);
      break;
    case kTraceReply:
      packet = trace_reply(random);
      break;
    case kDirectText:
      packet = direct_text(random);
      break;
    case kWaypoint:
      packet = waypoint(now_us, random);
      break;
    case kApplication:
      packet = application(now_us, random);
      break;
    case kUnknownPort:
      packet = unknown_port(random);
      break;
    default:
      packet = malformed(random);
      break;
  }
  number(packet, random);
  const Node& origin = nodes_[packet.origin];
  const bool broadcast = packet.to == kBroadcast;
  packet.via_mqtt = broadcast && origin.ok_to_mqtt && random.chance(kViaMqttChance / 0.4);
  packet.simulator_copy = broadcast && packet.channel == AirChannel::kLongFast && random.chance(kSimulatorCopyChance);
  if (packet.data.portnum() == mesh::TEXT_MESSAGE_APP && broadcast && packet.data.emoji() == 0) {
    recent_texts_.push_back({packet.id, packet.channel});
    if (recent_texts_.size() > kRecentTextsMax) recent_texts_.pop_front();
  }
  return packet;
}

AirPacket Traffic::node_info(std::size_t origin, Random& random) {
  AirPacket packet = from(origin, mesh::NODEINFO_APP, user_of(nodes_[origin]).SerializeAsString(), random);
  number(packet, random);
  return packet;
}

AirPacket Traffic::position(std::size_t origin, std::int64_t now_us, Random& random) {
  AirPacket packet =
      from(origin, mesh::POSITION_APP, position_of(nodes_[origin], now_us, random).SerializeAsString(), random);
  number(packet, random);
  return packet;
}

void Traffic::number(AirPacket& packet, Random& random) {
  Node& origin = nodes_[packet.origin];
  packet.id = next_packet_id(origin, random);
  ++origin.packets_sent;
}

AirPacket Traffic::from(std::size_t origin, mesh::PortNum port, std::string payload, Random& random) const {
  const Node& node = nodes_[origin];
  AirPacket packet;
  packet.origin = origin;
  packet.from = node.num;
  packet.to = kBroadcast;
  packet.hop_start = node.hop_limit;
  packet.data.set_portnum(port);
  packet.data.set_payload(std::move(payload));
  if (node.sends_bitfield) packet.data.set_bitfield(node.ok_to_mqtt ? kOkToMqttBit : 0);
  // Without a bitfield only a packet that had hops to go is told from one of ancient firmware, which radios drop.
  if (node.sends_bitfield && random.chance(0.05)) packet.hop_start = 0;
  return packet;
}

AirPacket Traffic::telemetry(std::int64_t now_us, Random& random) {
  if (random.chance(kTrafficStatsChance)) {
    const auto message = traffic_management_telemetry(now_us, random);
    return from(everyone_.pick(random), mesh::TELEMETRY_APP, message.SerializeAsString(), random);
  }
  const auto kind = random.weighted(kTelemetryShares);
  const std::size_t origin = sensors_[kind].pick(random);
  Node& node = nodes_[origin];
  mesh::Telemetry message;
  switch (kind) {
    case kDevice:
      message = device_telemetry(node, now_us, random);
      break;
    case kEnvironment:
      message = environment_telemetry(node, now_us, random);
      break;
    case kAirQuality:
      message = air_quality_telemetry(now_us, random);
      break;
    case kPower:
      message = power_telemetry(now_us, random);
      break;
    case kHealth:
      message = health_telemetry(now_us, random);
      break;
    default:
      message = host_telemetry(node, now_us, random);
      break;
  }
  return from(origin, mesh::TELEMETRY_APP, message.SerializeAsString(), random);
}

AirPacket Traffic::text(Random& random) {
  const std::size_t origin = everyone_.pick(random);
  AirPacket packet = from(origin, mesh::TEXT_MESSAGE_APP, make_text(random), random);
  if (random.chance(kSecondChannelChance)) packet.channel = AirChannel::kSecond;
  if (recent_texts_.empty() || !random.chance(0.35)) return packet;
  const SentText& earlier = recent_texts_[random.below(static_cast<std::uint32_t>(recent_texts_.size()))];
  packet.channel = earlier.channel;
  packet.data.set_reply_id(earlier.id);
  if (random.chance(0.5)) {
    packet.data.set_emoji(1);
    packet.data.set_payload(std::string(make_tapback(random)));
  }
  return packet;
}

AirPacket Traffic::to_radio(std::size_t origin, mesh::PortNum port, std::string payload, Random& random) const {
  AirPacket packet = from(origin, port, std::move(payload), random);
  packet.to = nodes_[radios_[random.below(static_cast<std::uint32_t>(radios_.size()))]].num;
  packet.want_ack = true;
  packet.priority = mesh::MeshPacket::RELIABLE;
  // Somebody who writes to one node wants to reach it.
  packet.hop_start = 7;
  return packet;
}

AirPacket Traffic::direct_text(Random& random) {
  const std::size_t origin = others_.pick(random);
  AirPacket packet = to_radio(origin, mesh::TEXT_MESSAGE_APP, make_text(random), random);
  // Firmware before 2.5 knows no keys: its direct messages use the channel's.
  if (nodes_[origin].has_key) packet.channel = AirChannel::kDirect;
  return packet;
}

AirPacket Traffic::trace_request(Random& random) const {
  AirPacket packet = to_radio(others_.pick(random), mesh::TRACEROUTE_APP, {}, random);
  packet.data.set_want_response(true);
  if (packet.data.has_bitfield()) packet.data.set_bitfield(packet.data.bitfield() | kWantResponseBit);
  packet.trace = TraceRole::kRequest;
  return packet;
}

AirPacket Traffic::trace_reply(Random& random) const {
  AirPacket packet = to_radio(others_.pick(random), mesh::TRACEROUTE_APP, {}, random);
  packet.data.set_request_id(random.next_u32() | 1U);
  packet.trace = TraceRole::kReply;
  return packet;
}

AirPacket Traffic::routing(Random& random) const {
  mesh::Routing message;
  constexpr std::array kErrors = {mesh::Routing::NO_RESPONSE, mesh::Routing::MAX_RETRANSMIT, mesh::Routing::NO_CHANNEL,
                                  mesh::Routing::PKI_UNKNOWN_PUBKEY};
  message.set_error_reason(random.chance(0.8) ? mesh::Routing::NONE : kErrors[random.below(kErrors.size())]);
  AirPacket packet = to_radio(others_.pick(random), mesh::ROUTING_APP, message.SerializeAsString(), random);
  packet.data.set_request_id(random.next_u32() | 1U);
  packet.want_ack = false;
  packet.priority = mesh::MeshPacket::ACK;
  return packet;
}

AirPacket Traffic::waypoint(std::int64_t now_us, Random& random) const {
  const std::size_t origin = everyone_.pick(random);
  const Node& node = nodes_[origin];
  mesh::Waypoint message;
  message.set_id(random.next_u32());
  const GeoPoint place = moved(node.position, random.uniform(0, 6.28), random.uniform(50, 1500));
  message.set_latitude_i(to_fixed(place.latitude));
  message.set_longitude_i(to_fixed(place.longitude));
  message.set_expire(epoch_seconds(now_us) + random.between(600, 86'400));
  message.set_name(random.chance(0.1) ? "<b onmouseover=alert(1)>" : "Treffpunkt");
  message.set_description("Hütte mit Aussicht");
  message.set_icon(0x1F4CD);
  if (random.chance(0.3)) message.set_locked_to(node.num);
  return from(origin, mesh::WAYPOINT_APP, message.SerializeAsString(), random);
}

AirPacket Traffic::application(std::int64_t now_us, Random& random) {
  const std::size_t origin = everyone_.pick(random);
  switch (random.below(6)) {
    case 0: {
      const std::size_t counter = sensors_[kPax].pick(random);
      mesh::Paxcount message;
      message.set_wifi(random.below(60));
      message.set_ble(random.below(90));
      message.set_uptime(static_cast<std::uint32_t>((now_us - nodes_[counter].boot_us) / 1'000'000));
      return from(counter, mesh::PAXCOUNTER_APP, message.SerializeAsString(), random);
    }
    case 1: {
      mesh::StoreAndForward message;
      message.set_rr(mesh::StoreAndForward::ROUTER_HEARTBEAT);
      message.mutable_heartbeat()->set_period(900);
      return from(origin, mesh::STORE_FORWARD_APP, message.SerializeAsString(), random);
    }
    case 2:
      return from(origin, mesh::RANGE_TEST_APP, fmt::format("seq {}", nodes_[origin].packets_sent), random);
    case 3:
      return from(origin, mesh::DETECTION_SENSOR_APP, "Gate detected", random);
    case 4: {
      mesh::StatusMessage message;
      message.set_status("On air since the storm");
      return from(origin, mesh::NODE_STATUS_APP, message.SerializeAsString(), random);
    }
    default:
      return from(origin, mesh::ALERT_APP, "\x07 Test alert, no action needed", random);
  }
}

AirPacket Traffic::unknown_port(Random& random) const {
  // Numbers without a name, the private range, and applications that carry opaque bytes.
  constexpr std::array<int, 6> kPorts = {99, 256, 300, 72, 76, 511};
  const int port = kPorts[random.below(kPorts.size())];
  return from(everyone_.pick(random), static_cast<mesh::PortNum>(port), random.bytes(random.between(0, 233)), random);
}

AirPacket Traffic::malformed(Random& random) const {
  constexpr std::array kPorts = {mesh::POSITION_APP, mesh::TELEMETRY_APP, mesh::NODEINFO_APP, mesh::WAYPOINT_APP,
                                 mesh::NEIGHBORINFO_APP};
  // A field of length 127 that ends early, whatever follows.
  std::string payload = "\x0A\x7F" + random.bytes(random.between(0, 40));
  AirPacket packet = from(everyone_.pick(random), kPorts[random.below(kPorts.size())], std::move(payload), random);
  packet.malformed = true;
  return packet;
}

}  // namespace mmm::sim
