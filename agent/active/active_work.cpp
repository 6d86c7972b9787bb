#include "agent/active/active_work.h"

#include "core/log/log.h"
#include "core/mesh/packet.h"
#include "core/mesh/telemetry.pb.h"

#include <algorithm>

namespace mmm::agent {
namespace {

using namespace std::chrono_literals;

constexpr const char* kComponent = "agent/active";
// A traceroute over 7 hops with repetitions takes less on the slowest preset; who answers later is still recorded.
constexpr auto kAnswerWithin = 2min;
// When nothing is due, or there is no room, the question is asked again.
constexpr auto kAskAgain = 30s;
// Regions with a duty cycle allow a radio 10 % of an hour (1 % in some); half of that is left to its own traffic.
constexpr float kAirUtilTxMax = 5;
constexpr auto kDutyCyclePause = 1h;
constexpr std::uint32_t kBroadcast = 0xFFFFFFFF;

}  // namespace

ActiveWork::ActiveWork(const ActiveConfig& config, ActiveProbe probe, std::uint64_t seed, SteadyTime now)
    : config_(config),
      probe_(probe),
      random_(seed),
      scheduler_(config, [this] { return static_cast<std::uint32_t>(random_()); }),
      budget_(config.airtime_percent, now) {
  if (config_.traceroutes) {
    log::info(
        kComponent,
        "traceroutes are on: each node every {} min, {} priority node(s), at most {} hops and {} % of the airtime",
        config_.interval / 1min, config_.priority_nodes.size(), config_.hop_limit, config_.airtime_percent);
  }
  if (config_.set_time) log::info(kComponent, "the radio is told the time when its clock is unset or wrong");
}

void ActiveWork::live(SteadyTime now) {
  scheduler_.start(now);
  clock_.live(now);
  deadline_ = now;
}

void ActiveWork::down() {
  // Whether the traceroute failed is unknown; its node's interval stands.
  trace_.reset();
  queue_is_full_ = false;
  // The mesh is as busy as it was until the radio, which tells each minute, says otherwise.
}

void ActiveWork::received(const mesh::FromRadio& message, WallTime arrival, SteadyTime now) {
  switch (message.payload_variant_case()) {
    case mesh::FromRadio::kMyInfo:
      own_node_ = message.my_info().my_node_num();
      break;
    case mesh::FromRadio::kNodeInfo: {
      const auto& info = message.node_info();
      if (!info.via_mqtt() && !info.is_ignored() && info.num() != 0 && info.last_heard() != 0) {
        // A radio's wrong clock must not put a node ahead for ever.
        scheduler_.heard(info.num(), std::min(arrival, from_micros(std::int64_t{info.last_heard()} * 1'000'000)));
      }
      break;
    }
    case mesh::FromRadio::kPacket:
      received_packet(message.packet(), arrival, now);
      break;
    case mesh::FromRadio::kQueueStatus:
      received_queue_status(message.queue_status(), now);
      break;
    case mesh::FromRadio::kClientNotification:
      if (trace_ && message.client_notification().reply_id() == trace_->id) {
        scheduler_.postpone(now + 2 * kAskAgain);
        refused("its limit");
      }
      break;
    default:
      break;
  }
}

void ActiveWork::received_packet(const mesh::MeshPacket& packet, WallTime arrival, SteadyTime now) {
  const auto view = mesh::view_packet(packet, own_node_);
  if (view.is_heard() && !view.via_mqtt && view.from != 0) scheduler_.packet_heard(view.from, arrival, now);
  if (config_.set_time) clock_.received(packet, arrival, now);
  if (!packet.has_decoded()) return;
  if (view.from_own_node && packet.decoded().portnum() == mesh::TELEMETRY_APP) received_own_metrics(packet.decoded());
  if (trace_ && packet.decoded().request_id() == trace_->id) received_answer(packet, now);
}

void ActiveWork::received_answer(const mesh::MeshPacket& packet, SteadyTime now) {
  if (packet.decoded().portnum() == mesh::TRACEROUTE_APP && packet.from() == trace_->node) {
    log::debug(kComponent, "traceroute of {}: answered", mesh::format_node_id(trace_->node));
    probe_.answered->Increment();
    scheduler_.answered(trace_->node, now);
    trace_.reset();
    return;
  }
  mesh::Routing routing;
  if (packet.decoded().portnum() != mesh::ROUTING_APP || !routing.ParseFromString(packet.decoded().payload())) return;
  if (routing.error_reason() == mesh::Routing::NONE) return;  // only says that a neighbour has relayed it
  if (routing.error_reason() == mesh::Routing::DUTY_CYCLE_LIMIT) scheduler_.postpone(now + kDutyCyclePause);
  refused(mesh::Routing::Error_Name(routing.error_reason()));
}

void ActiveWork::received_own_metrics(const mesh::Data& data) {
  mesh::Telemetry telemetry;
  if (!telemetry.ParseFromString(data.payload()) || !telemetry.has_device_metrics()) return;
  const auto& metrics = telemetry.device_metrics();
  if (metrics.has_channel_utilization()) channel_utilization_ = metrics.channel_utilization();
  if (metrics.has_air_util_tx()) air_util_tx_ = metrics.air_util_tx();
}

void ActiveWork::received_queue_status(const mesh::QueueStatus& status, SteadyTime now) {
  queue_is_full_ = status.maxlen() != 0 && status.free() == 0;
  if (!trace_ || status.mesh_packet_id() != trace_->id || status.res() == 0) return;
  if (status.res() == mesh::Routing::DUTY_CYCLE_LIMIT) scheduler_.postpone(now + kDutyCyclePause);
  refused(fmt::format("error {}", status.res()));
}

void ActiveWork::refused(std::string_view reason) {
  log::debug(kComponent, "traceroute of {}: not done: {}", mesh::format_node_id(trace_->node), reason);
  probe_.refused->Increment();
  scheduler_.failed(trace_->node);
  trace_.reset();
}

std::optional<mesh::MeshPacket> ActiveWork::next_packet(const mesh::RadioProfile& profile, WallTime wall,
                                                        SteadyTime now) {
  own_node_ = profile.node();
  if (config_.set_time) {
    if (auto packet = clock_.next_packet(own_node_, random_id(), wall, now)) {
      log::info(kComponent, "the radio's clock is unset or wrong: telling it the time");
      probe_.clock_sets->Increment();
      return packet;
    }
  }
  if (trace_ && now >= trace_->give_up) {
    log::debug(kComponent, "traceroute of {}: no answer", mesh::format_node_id(trace_->node));
    probe_.unanswered->Increment();
    scheduler_.failed(trace_->node);
    trace_.reset();
  }
  // Called after each message too, which must not put off what is due.
  if (now < deadline_) return std::nullopt;
  std::optional<mesh::MeshPacket> packet;
  if (config_.traceroutes && !trace_) packet = next_trace(profile, wall, now);
  deadline_ = std::max(now + kAskAgain, trace_ ? now : scheduler_.not_before());
  return packet;
}

std::optional<mesh::MeshPacket> ActiveWork::next_trace(const mesh::RadioProfile& profile, WallTime wall,
                                                       SteadyTime now) {
  const auto node = scheduler_.due(own_node_, wall, now);
  if (!node || *node == 0 || *node == kBroadcast || own_node_ == 0) return std::nullopt;
  if (!has_room(profile, now)) {
    scheduler_.postpone(now + kAskAgain);
    return std::nullopt;
  }
  trace_ = Trace{.id = random_id(), .node = *node, .give_up = now + kAnswerWithin};
  scheduler_.sent(*node, now);
  probe_.sent->Increment();
  log::debug(kComponent, "traceroute of {}: sent", mesh::format_node_id(*node));
  mesh::MeshPacket packet;
  packet.set_to(*node);
  packet.set_id(trace_->id);
  packet.set_hop_limit(config_.hop_limit);
  packet.set_want_ack(true);  // as the firmware makes it anyway
  packet.mutable_decoded()->set_portnum(mesh::TRACEROUTE_APP);
  packet.mutable_decoded()->set_want_response(true);
  return packet;
}

bool ActiveWork::has_room(const mesh::RadioProfile& profile, SteadyTime now) {
  if (queue_is_full_) {
    probe_.queue_full->Increment();
    return false;
  }
  if (channel_utilization_.value_or(0) > config_.channel_utilization_max || air_util_tx_.value_or(0) > kAirUtilTxMax) {
    probe_.channel_busy->Increment();
    return false;
  }
  const auto preset = profile.modem_preset();
  const auto cost = traceroute_airtime_us(config_.hop_limit,
                                          preset ? std::optional(static_cast<std::uint32_t>(*preset)) : std::nullopt);
  if (budget_.spend(cost, now)) return true;
  probe_.over_budget->Increment();
  return false;
}

std::uint32_t ActiveWork::random_id() {
  std::uint32_t id = 0;
  while (id == 0) id = static_cast<std::uint32_t>(random_());
  return id;
}

}  // namespace mmm::agent
