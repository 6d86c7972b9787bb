#include "ingest/project/payload_fold.h"

#include "core/base/encoding.h"
#include "core/mesh/payload_json.h"
#include "core/mesh/telemetry_kinds.h"
#include "ingest/project/identity_changes.h"

#include <cmath>

namespace mmm::ingest {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;
constexpr std::int64_t kEarliestFix = 1'483'228'800;  // 2017-01-01: a receiver without time says something earlier
constexpr std::size_t kTextBytesMax = 256;            // of names and descriptions; a packet holds no more
constexpr std::size_t kMessageBytesMax = 1024;        // a radio sends at most 233

std::optional<double> finite(bool has, float value) {
  if (!has || !std::isfinite(value)) return std::nullopt;
  return static_cast<double>(value);
}

// The message of the variant; null for none that is known.
const google::protobuf::Message* metrics_of(const mesh::Telemetry& telemetry) {
  switch (telemetry.variant_case()) {
    case mesh::Telemetry::kDeviceMetrics:
      return &telemetry.device_metrics();
    case mesh::Telemetry::kEnvironmentMetrics:
      return &telemetry.environment_metrics();
    case mesh::Telemetry::kAirQualityMetrics:
      return &telemetry.air_quality_metrics();
    case mesh::Telemetry::kPowerMetrics:
      return &telemetry.power_metrics();
    case mesh::Telemetry::kLocalStats:
      return &telemetry.local_stats();
    case mesh::Telemetry::kHealthMetrics:
      return &telemetry.health_metrics();
    case mesh::Telemetry::kHostMetrics:
      return &telemetry.host_metrics();
    case mesh::Telemetry::kTrafficManagementStats:
      return &telemetry.traffic_management_stats();
    default:
      return nullptr;
  }
}

// Raw values and rollups of one report.
Result<> add_telemetry(const PayloadContext& context, std::uint32_t kind, const google::protobuf::Message& metrics,
                       const FoldTargets& targets) {
  index::TelemetryRow row;
  row.packet = context.packet.id;
  row.node = context.packet.from;
  row.time_us = context.packet.time_us;
  row.kind = kind;
  if (const auto* device = dynamic_cast<const mesh::DeviceMetrics*>(&metrics)) {
    row.device = to_metrics(*device);
  } else {
    row.metrics = mesh::message_to_json(metrics);
  }
  targets.pending.telemetry.push_back(std::move(row));
  return targets.rollups.add(context.packet.from, kind, context.packet.time_us, metrics);
}

Result<> fold_telemetry(const PayloadContext& context, const mesh::Telemetry& telemetry, index::NodeRow& node,
                        bool is_replay, const FoldTargets& targets) {
  if (telemetry.has_device_metrics()) fold_metrics(node, to_metrics(telemetry.device_metrics()), context.known_us);
  const google::protobuf::Message* metrics = metrics_of(telemetry);
  if (metrics == nullptr || is_replay) return {};
  return add_telemetry(context, static_cast<std::uint32_t>(telemetry.variant_case()), *metrics, targets);
}

void fold_place(const PayloadContext& context, const mesh::Position& message, index::NodeRow& node, bool is_replay,
                Pending& pending) {
  const auto position = to_position(message, context.packet.time_us);
  if (!position) return;
  fold_position(node, *position, context.known_us);
  if (is_replay) return;
  index::PositionRow row{.packet = context.packet.id, .node = context.packet.from, .position = *position};
  if (message.has_ground_speed()) row.ground_speed = message.ground_speed();
  if (message.sats_in_view() != 0) row.sats_in_view = message.sats_in_view();
  pending.positions.push_back(row);
}

void add_message(const PayloadContext& context, const mesh::TextPayload& text, Pending& pending) {
  const index::PacketRow& packet = context.packet;
  index::MessageRow row;
  row.packet = packet.id;
  row.time_us = packet.time_us;
  row.from = packet.from;
  row.to = packet.to;
  row.packet_id = packet.packet_id;
  row.channel = packet.channel;
  row.text = sanitize_utf8(std::string_view(text.text).substr(0, kMessageBytesMax));
  row.reply_id = context.data.reply_id;
  row.emoji = context.data.is_reaction;
  pending.messages.push_back(std::move(row));
  pending.count(index::Counter::kMessages);
}

void add_waypoint(const PayloadContext& context, const mesh::Waypoint& message, Pending& pending) {
  if (message.id() == 0) return;
  const auto text = [](const std::string& bytes) {
    return sanitize_utf8(std::string_view(bytes).substr(0, kTextBytesMax));
  };
  index::WaypointRow row{.id = message.id(),
                         .packet = context.packet.id,
                         .time_us = context.packet.time_us,
                         .from = context.packet.from,
                         .name = text(message.name()),
                         .description = text(message.description()),
                         .icon = message.icon(),
                         .expire_s = message.expire(),
                         .locked_to = message.locked_to()};
  if (mesh::place_of(message)) {
    row.latitude_i = message.latitude_i();
    row.longitude_i = message.longitude_i();
  }
  pending.waypoints.push_back(std::move(row));
}

void fold_identity(const PayloadContext& context, const mesh::User& user, index::NodeRow& node, Pending& pending) {
  const index::NodeRow before = node;
  fold_user(node, user, context.known_us);
  note_identity_changes(before, node, context.packet.time_us, pending.identity_changes);
}

// Everything that the firmware tells public maps, names and place too.
void fold_map_report(const PayloadContext& context, const mesh::MapReport& report, index::NodeRow& node,
                     Pending& pending) {
  mesh::User user;
  user.set_long_name(report.long_name());
  user.set_short_name(report.short_name());
  user.set_role(report.role());
  user.set_hw_model(report.hw_model());
  fold_identity(context, user, node, pending);
  if (mesh::place_of(report)) {
    index::Position place{.latitude_i = report.latitude_i(), .longitude_i = report.longitude_i()};
    if (report.altitude() != 0) place.altitude = report.altitude();
    if (report.position_precision() <= 32) place.precision_bits = report.position_precision();
    place.time_us = context.packet.time_us;
    fold_position(node, place, context.known_us);
  }
  pending.map_reports.push_back(
      {.node = context.packet.from,
       .time_us = context.packet.time_us,
       .firmware = sanitize_utf8(std::string_view(report.firmware_version()).substr(0, kTextBytesMax)),
       .region = static_cast<std::uint32_t>(report.region()),
       .modem_preset = static_cast<std::uint32_t>(report.modem_preset()),
       .online_nodes = report.num_online_local_nodes(),
       .default_channel = report.has_default_channel()});
}

}  // namespace

std::optional<index::Position> to_position(const mesh::Position& position, std::int64_t heard_us) {
  if (!mesh::place_of(position)) return std::nullopt;
  index::Position place{.latitude_i = position.latitude_i(), .longitude_i = position.longitude_i()};
  if (position.has_altitude()) place.altitude = position.altitude();
  if (position.precision_bits() <= 32) place.precision_bits = position.precision_bits();
  place.time_us = heard_us;
  const std::int64_t told = position.timestamp() != 0 ? position.timestamp() : position.time();
  if (told > kEarliestFix && told * kSecond <= heard_us + kDay) place.time_us = told * kSecond;
  return place;
}

index::DeviceMetrics to_metrics(const mesh::DeviceMetrics& metrics) {
  index::DeviceMetrics values;
  if (metrics.has_battery_level()) values.battery_level = metrics.battery_level();
  values.voltage = finite(metrics.has_voltage(), metrics.voltage());
  values.channel_utilization = finite(metrics.has_channel_utilization(), metrics.channel_utilization());
  values.air_util_tx = finite(metrics.has_air_util_tx(), metrics.air_util_tx());
  if (metrics.has_uptime_seconds()) values.uptime_seconds = metrics.uptime_seconds();
  return values;
}

Result<> fold_payload(const PayloadContext& context, const mesh::Payload& payload, const FoldTargets& targets) {
  const bool is_replay = (context.packet.flags & index::kReplay) != 0;
  if (const auto* text = std::get_if<mesh::TextPayload>(&payload)) {
    if (context.data.port == mesh::TEXT_MESSAGE_APP) add_message(context, *text, targets.pending);
    return {};
  }
  if (!is_node(context.packet.from)) return {};
  if (const auto* waypoint = std::get_if<mesh::Waypoint>(&payload)) {
    if (!is_replay) add_waypoint(context, *waypoint, targets.pending);
    return {};
  }
  if (const auto* counted = std::get_if<mesh::Paxcount>(&payload)) {
    return is_replay ? Result<>{}
                     : add_telemetry(context, mesh::kTelemetryPortKind + mesh::PAXCOUNTER_APP, *counted, targets);
  }
  if (const auto* stored = std::get_if<mesh::StoreAndForward>(&payload)) {
    if (is_replay || !stored->has_stats()) return {};
    return add_telemetry(context, mesh::kTelemetryPortKind + mesh::STORE_FORWARD_APP, stored->stats(), targets);
  }
  const auto* user = std::get_if<mesh::User>(&payload);
  const auto* position = std::get_if<mesh::Position>(&payload);
  const auto* telemetry = std::get_if<mesh::Telemetry>(&payload);
  const auto* report = std::get_if<mesh::MapReport>(&payload);
  if (user == nullptr && position == nullptr && telemetry == nullptr && report == nullptr) return {};
  auto node = targets.nodes.change(context.packet.from);
  if (!node) return fail(node.error());
  if (user != nullptr) fold_identity(context, *user, **node, targets.pending);
  if (report != nullptr) fold_map_report(context, *report, **node, targets.pending);
  if (position != nullptr) fold_place(context, *position, **node, is_replay, targets.pending);
  if (telemetry != nullptr) return fold_telemetry(context, *telemetry, **node, is_replay, targets);
  return {};
}

index::DecodeError decode_error(const mesh::Payload& payload) {
  const auto* raw = std::get_if<mesh::RawPayload>(&payload);
  if (raw == nullptr) return index::DecodeError::kNone;
  switch (raw->reason) {
    case mesh::RawReason::kUnknownPort:
      return index::DecodeError::kUnknownPort;
    case mesh::RawReason::kNoSchema:
      return index::DecodeError::kNoSchema;
    case mesh::RawReason::kCompressedText:
      return index::DecodeError::kCompressedText;
    case mesh::RawReason::kMalformed:
      return index::DecodeError::kMalformedPayload;
  }
  return index::DecodeError::kMalformedPayload;
}

}  // namespace mmm::ingest
