#include "perf/sim/mesh/world.h"

#include "core/mesh/node_id.h"
#include "perf/sim/mesh/motion.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mmm::sim {
namespace {

constexpr std::int64_t kMoveEveryUs = 30'000'000;
// Clients of radios send a few packets a second at most; more than this waiting means nobody takes the answers out.
constexpr std::size_t kAnswersMax = 1024;

// LongFast: preamble and header, then about 8 ms a byte.
std::int64_t airtime_us(std::size_t bytes) {
  return 250'000 + 8'200 * static_cast<std::int64_t>(bytes);
}

std::vector<Node> populate(const WorldOptions& options, std::vector<std::size_t>& radios) {
  const PopulationOptions& population = options.population;
  std::vector<Node> nodes = make_population(population);
  radios = place_radios(nodes, population.center, population.radius_km, options.radios);
  for (const std::size_t index : radios) {
    // Somebody cares for the radio that is listened to: on the roof, on mains, and it has a key.
    Node& node = nodes[index];
    node.site_gain_db = std::max(node.site_gain_db, 2.0);
    node.motion.speed_ms = 0;
    node.battery.powered = true;
    node.has_key = true;
    node.licensed = false;
    node.role = node.role == Role::kClientMute ? Role::kClientBase : node.role;
  }
  return nodes;
}

}  // namespace

World::World(const WorldOptions& options)
    : seed_(options.population.seed),
      traffic_seed_(mix(seed_ ^ 0x7061636B6574, static_cast<std::uint64_t>(options.population.start_us))),
      mean_gap_us_(options.mean_gap_us),
      now_us_(options.population.start_us),
      moved_us_(options.population.start_us),
      nodes_(populate(options, radios_)),
      links_(seed_, nodes_),
      traffic_(nodes_, links_, radios_),
      flood_(nodes_.size()),
      answers_random_(mix(traffic_seed_, 0x616E73776572)),
      introductions_random_(mix(traffic_seed_, 0x68656C6C6F)),
      center_(options.population.center),
      radius_m_(options.population.radius_km * 1000) {
  for (std::size_t i = 0; i < nodes_.size(); ++i) index_of_.emplace(nodes_[i].num, i);
}

std::optional<std::size_t> World::find(std::uint32_t num) const {
  const auto found = index_of_.find(num);
  if (found == index_of_.end()) return std::nullopt;
  return found->second;
}

std::uint32_t World::next_packet_id(std::size_t node) {
  return traffic_.next_packet_id(nodes_[node], answers_random_);
}

Transmission World::next() {
  // A stream of its own for each packet: what clients send does not change what the mesh sends.
  Random random(mix(traffic_seed_, packets_++));
  now_us_ += static_cast<std::int64_t>(random.exponential(static_cast<double>(mean_gap_us_)));
  move_nodes();
  AirPacket packet = traffic_.make(now_us_, random);
  return transmit(std::move(packet), random);
}

std::vector<Transmission> World::introduce(std::size_t node) {
  std::vector<Transmission> sent;
  sent.push_back(transmit(traffic_.node_info(node, introductions_random_), introductions_random_));
  if (nodes_[node].shares_position) {
    sent.push_back(transmit(traffic_.position(node, now_us_, introductions_random_), introductions_random_));
  }
  return sent;
}

void World::send(AirPacket packet) {
  if (answers_.size() < kAnswersMax) answers_.push_back(std::move(packet));
}

std::optional<Transmission> World::next_answer() {
  if (answers_.empty()) return std::nullopt;
  AirPacket packet = std::move(answers_.front());
  answers_.pop_front();
  Transmission sent = transmit(std::move(packet), answers_random_);
  answer(sent.packet);
  return sent;
}

Transmission World::transmit(AirPacket packet, Random& random) {
  encrypt(packet, random);
  Transmission sent{.packet = std::move(packet), .sent_us = now_us_, .heard = {}, .relay_heard_by_origin = false};
  const AirPacket& air = sent.packet;
  const std::size_t size = air.data.ByteSizeLong() + 16;
  const auto& receptions = flood_.run(nodes_, links_, air.origin, air.hop_start, airtime_us(size), random);
  sent.relay_heard_by_origin = flood_.relay_heard_by_origin();
  for (const Reception& reception : receptions) {
    const auto radio = std::ranges::find(radios_, reception.node);
    if (radio == radios_.end()) continue;
    HeardPacket heard{.radio = static_cast<std::size_t>(radio - radios_.begin()),
                      .reception = reception,
                      .route = {},
                      .route_snr = {},
                      .relay_byte = static_cast<std::uint8_t>(nodes_[reception.sender].num)};
    if (air.trace != TraceRole::kNone) {
      for (const std::size_t relay : flood_.relays_to(air.origin, reception.node)) {
        heard.route.push_back(nodes_[relay].num);
        heard.route_snr.push_back(flood_.at(relay)->snr);
      }
      heard.route_snr.push_back(reception.snr);
    }
    sent.heard.push_back(std::move(heard));
  }
  return sent;
}

void World::encrypt(AirPacket& packet, Random& random) {
  if (packet.channel == AirChannel::kForeignDefaultKey || packet.channel == AirChannel::kForeignPrivate) {
    packet.ciphertext = encryptor_.encrypt(packet);
  } else if (packet.channel == AirChannel::kDirect) {
    const auto receiver = find(packet.to);
    if (!receiver) return;
    packet.ciphertext = encrypt_direct(packet.data.SerializeAsString(), nodes_[packet.origin].keys.private_key,
                                       nodes_[*receiver].keys.public_key, packet.id, packet.from, random.next_u32());
  }
}

void World::answer(const AirPacket& packet) {
  if (packet.to == mesh::kBroadcast) return;
  const auto destination = find(packet.to);
  if (!destination || flood_.at(*destination) == nullptr) return;
  if (packet.trace == TraceRole::kRequest) {
    answer_traceroute(packet, *destination);
    return;
  }
  if (!packet.want_ack || packet.data.portnum() == mesh::ROUTING_APP) return;
  mesh::Routing routing;
  routing.set_error_reason(mesh::Routing::NONE);
  AirPacket ack = reply_to(packet, *destination);
  ack.data.set_portnum(mesh::ROUTING_APP);
  ack.data.set_payload(routing.SerializeAsString());
  ack.priority = mesh::MeshPacket::ACK;
  send(std::move(ack));
}

AirPacket World::reply_to(const AirPacket& packet, std::size_t destination) {
  AirPacket reply;
  reply.from = packet.to;
  reply.to = packet.from;
  reply.id = next_packet_id(destination);
  reply.origin = destination;
  reply.data.set_request_id(packet.id);
  reply.data.set_bitfield(0);
  reply.hop_start = packet.hop_start;
  return reply;
}

void World::answer_traceroute(const AirPacket& request, std::size_t destination) {
  mesh::RouteDiscovery route;
  for (const std::size_t relay : flood_.relays_to(request.origin, destination)) {
    route.add_route(nodes_[relay].num);
    route.add_snr_towards(static_cast<std::int32_t>(std::lround(flood_.at(relay)->snr * 4)));
  }
  route.add_snr_towards(static_cast<std::int32_t>(std::lround(flood_.at(destination)->snr * 4)));
  AirPacket reply = reply_to(request, destination);
  reply.data.set_portnum(mesh::TRACEROUTE_APP);
  reply.data.set_payload(route.SerializeAsString());
  reply.want_ack = true;
  reply.priority = mesh::MeshPacket::RELIABLE;
  reply.trace = TraceRole::kReply;
  send(std::move(reply));
}

void World::move_nodes() {
  if (now_us_ - moved_us_ < kMoveEveryUs) return;
  const double seconds = static_cast<double>(now_us_ - moved_us_) / 1e6;
  moved_us_ = now_us_;
  Random random(mix(seed_ ^ 0x6D6F76, static_cast<std::uint64_t>(now_us_)));
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (nodes_[i].motion.speed_ms == 0) continue;
    if (advance(nodes_[i], seconds, now_us_, center_, radius_m_, random)) links_.moved(i, nodes_);
  }
}

}  // namespace mmm::sim
