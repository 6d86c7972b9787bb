#include "perf/sim/radio/radio.h"

#include "perf/sim/mesh/node_payload.h"
#include "perf/sim/mesh/telemetry_payload.h"
#include "perf/sim/radio/config_dump.h"

#include <algorithm>
#include <cmath>

namespace mmm::sim {
namespace {

using namespace std::chrono_literals;

constexpr auto kClientIdleMax = 15min;
// The firmware's queue for the client, on all but the smallest boards.
constexpr std::size_t kPacketQueueMax = 32;
constexpr std::uint32_t kTxQueueLength = 16;
// Answers and notices for a client that does not read.
constexpr std::size_t kImmediateMax = 64;
constexpr std::int64_t kOwnTelemetryEveryUs = 60'000'000;
constexpr std::uint32_t kNonceBroadcastNodeInfo = 1;

bool is_text(const mesh::FromRadio& message) {
  const auto port = message.packet().decoded().portnum();
  return port == mesh::TEXT_MESSAGE_APP || port == mesh::RANGE_TEST_APP;
}

}  // namespace

Radio::Radio(World& world, const RadioOptions& options)
    : world_(world),
      index_(options.index),
      node_(world.radio_node(options.index)),
      secrets_(make_secrets(options.index + 1, node_)),
      node_db_(world, options.index, options.seed),
      random_(mix(options.seed ^ 0x726164696F, options.index)),
      delivers_foreign_(options.delivers_foreign),
      client_packets_(options.client_packets),
      has_clock_(options.has_clock),
      telemetry_due_us_(world.now_us() + kOwnTelemetryEveryUs) {}

void Radio::client_attached(SteadyTime now) {
  client_gone();
  last_received_ = now;
}

void Radio::client_gone() {
  state_ = State::kSilent;
  disconnect_wanted_ = false;
  immediate_.clear();
  config_.clear();
  replay_.clear();
  limits_.reset();
}

void Radio::reboot() {
  client_gone();
  packets_.clear();
  speaks_protobuf_ = false;
  ++reboot_count_;
  node_.boot_us = world_.now_us();
  counts_ = {};
}

bool Radio::close_wanted(SteadyTime now) const {
  return disconnect_wanted_ || now - last_received_ >= kClientIdleMax;
}

// One transmission can bring its copy for the simulator, and the radio's own telemetry with it.
bool Radio::has_room() const {
  return packets_.size() + 6 <= kPacketQueueMax;
}

bool Radio::drained() const {
  return immediate_.empty() && config_.empty() && replay_.empty() && (packets_.empty() || state_ == State::kSilent);
}

std::optional<OutMessage> Radio::next_message() {
  const auto take = [](std::deque<OutMessage>& queue) {
    OutMessage message = std::move(queue.front());
    queue.pop_front();
    return message;
  };
  if (!immediate_.empty()) return take(immediate_);
  if (state_ == State::kConfig) {
    OutMessage message = take(config_);
    if (config_.empty()) state_ = State::kPackets;
    return message;
  }
  if (state_ != State::kPackets) return std::nullopt;
  if (!replay_.empty()) return take(replay_);
  if (!packets_.empty()) return take(packets_);
  return std::nullopt;
}

void Radio::receive(std::string_view to_radio, SteadyTime now) {
  mesh::ToRadio message;
  if (!message.ParseFromArray(to_radio.data(), static_cast<int>(to_radio.size()))) return;
  last_received_ = now;
  speaks_protobuf_ = true;
  switch (message.payload_variant_case()) {
    case mesh::ToRadio::kWantConfigId:
      want_config(message.want_config_id());
      break;
    case mesh::ToRadio::kHeartbeat:
      if (message.heartbeat().nonce() == kNonceBroadcastNodeInfo) {
        AirPacket packet = from_own_node();
        packet.data.set_portnum(mesh::NODEINFO_APP);
        packet.data.set_payload(user_of(node_).SerializeAsString());
        world_.send(std::move(packet));
      } else {
        queue_status(0);
      }
      break;
    case mesh::ToRadio::kDisconnect:
      client_gone();
      disconnect_wanted_ = message.disconnect();
      break;
    case mesh::ToRadio::kPacket:
      client_packet(std::move(*message.mutable_packet()), now);
      break;
    default:
      break;
  }
}

void Radio::want_config(std::uint32_t nonce) {
  config_.clear();
  replay_.clear();
  ConfigDumpInput input{.node = node_,
                        .secrets = secrets_,
                        .nonce = nonce,
                        .reboot_count = reboot_count_,
                        .now_us = world_.now_us(),
                        .other_nodes = node_db_.infos()};
  for (const auto& message : config_dump(input)) {
    config_.push_back({.bytes = message.SerializeAsString(), .is_packet = false, .marks = {}});
  }
  state_ = State::kConfig;
  if (nonce == kNonceOnlyConfig) return;
  std::vector<mesh::MeshPacket> packets = node_db_.replay(node_.hop_limit);
  // Firmware 2.8 keeps its own status under the number 0, and repeats it so.
  mesh::MeshPacket own = packets.empty() ? mesh::MeshPacket() : packets.front();
  if (!packets.empty()) {
    own.set_from(0);
    own.set_id(own.id() ^ node_.num);
    own.set_hop_limit(own.hop_start());
    own.set_rx_snr(0);
    own.mutable_decoded()->set_portnum(mesh::NODE_STATUS_APP);
    own.mutable_decoded()->set_payload("\x0A\x09Recording");
    packets.push_back(std::move(own));
  }
  for (auto& packet : packets) {
    mesh::FromRadio message;
    *message.mutable_packet() = std::move(packet);
    replay_.push_back({.bytes = message.SerializeAsString(), .is_packet = true, .marks = {.replay = true}});
  }
}

void Radio::queue_status(std::uint32_t packet_id, int result) {
  mesh::FromRadio message;
  auto& status = *message.mutable_queue_status();
  status.set_res(result);
  status.set_free(kTxQueueLength);
  status.set_maxlen(kTxQueueLength);
  status.set_mesh_packet_id(packet_id);
  send_at_once(message);
}

void Radio::send_at_once(const mesh::FromRadio& message) {
  if (immediate_.size() >= kImmediateMax) return;
  immediate_.push_back({.bytes = message.SerializeAsString(), .is_packet = false, .marks = {}});
}

void Radio::notify(std::uint32_t reply_id, std::string_view text) {
  mesh::FromRadio message;
  auto& notification = *message.mutable_client_notification();
  notification.set_reply_id(reply_id);
  notification.set_level(mesh::LogRecord::WARNING);
  notification.set_message(std::string(text));
  send_at_once(message);
}

mesh::MeshPacket Radio::own_packet(mesh::PortNum port, std::string payload) {
  mesh::MeshPacket packet;
  packet.set_from(node_.num);
  packet.set_to(node_.num);
  packet.set_id(world_.next_packet_id(world_.radio_nodes()[index_]));
  packet.mutable_decoded()->set_portnum(port);
  packet.mutable_decoded()->set_payload(std::move(payload));
  return packet;
}

void Radio::routing_to_self(std::uint32_t request_id, mesh::Routing::Error error) {
  mesh::Routing routing;
  routing.set_error_reason(error);
  mesh::MeshPacket packet = own_packet(mesh::ROUTING_APP, routing.SerializeAsString());
  packet.mutable_decoded()->set_request_id(request_id);
  packet.set_priority(mesh::MeshPacket::ACK);
  queue_packet(packet, {.own = true});
}

void Radio::queue_packet(const mesh::MeshPacket& packet, PacketMarks marks) {
  mesh::FromRadio message;
  *message.mutable_packet() = packet;
  if (packets_.size() >= kPacketQueueMax) {
    ++dropped_;
    if (!is_text(message)) return;
    packets_.pop_front();
  }
  packets_.push_back({.bytes = message.SerializeAsString(), .is_packet = true, .marks = marks});
}

void Radio::advance(std::int64_t world_now_us) {
  for (; telemetry_due_us_ <= world_now_us; telemetry_due_us_ += kOwnTelemetryEveryUs) {
    counts_.total_nodes = static_cast<std::uint32_t>(node_db_.size() + 1);
    counts_.online_nodes = static_cast<std::uint32_t>(node_db_.online(epoch_seconds(telemetry_due_us_)) + 1);
    for (const auto& telemetry : {device_telemetry(node_, telemetry_due_us_, random_),
                                  local_stats_telemetry(node_, counts_, telemetry_due_us_, random_)}) {
      mesh::MeshPacket packet = own_packet(mesh::TELEMETRY_APP, telemetry.SerializeAsString());
      packet.set_to(kBroadcast);
      packet.set_hop_limit(node_.hop_limit);
      packet.set_priority(mesh::MeshPacket::BACKGROUND);
      stamp(packet, telemetry_due_us_);
      queue_packet(packet, {.own = true});
    }
  }
}

void Radio::stamp(mesh::MeshPacket& packet, std::int64_t world_us) const {
  if (has_clock_) packet.set_rx_time(epoch_seconds(world_us));
}

}  // namespace mmm::sim
