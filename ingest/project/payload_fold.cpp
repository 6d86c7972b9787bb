#include "ingest/project/payload_fold.h"

#include "core/base/encoding.h"
#include "core/mesh/payload_json.h"

#include <cmath>

namespace mmm::ingest {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;
constexpr std::int64_t kEarliestFix = 1'483'228'800;  // 2017-01-01: a receiver without time says something earlier
constexpr std::uint32_t kKindDevice = 2;              // field of Telemetry's variant
constexpr std::size_t kMessageBytesMax = 1024;        // a radio sends at most 233

std::optional<double> finite(bool has, float value) {
  if (!has || !std::isfinite(value)) return std::nullopt;
  return static_cast<double>(value);
}

// The message of the variants that are stored as they are; null for device metrics and none.
const google::protobuf::Message* other_metrics(const mesh::Telemetry& telemetry) {
  switch (telemetry.variant_case()) {
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

void fold_telemetry(const PayloadContext& context, const mesh::Telemetry& telemetry, index::NodeRow& node,
                    bool is_replay, Pending& pending) {
  index::TelemetryRow row;
  row.packet = context.packet.id;
  row.node = context.packet.from;
  row.time_us = context.packet.time_us;
  row.kind = static_cast<std::uint32_t>(telemetry.variant_case());
  if (telemetry.has_device_metrics()) {
    row.kind = kKindDevice;
    row.device = to_metrics(telemetry.device_metrics());
    fold_metrics(node, row.device, context.known_us);
  } else if (const auto* metrics = other_metrics(telemetry)) {
    row.metrics = mesh::message_to_json(*metrics);
  } else {
    return;
  }
  if (!is_replay) pending.telemetry.push_back(std::move(row));
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

Result<> fold_payload(const PayloadContext& context, const mesh::Payload& payload, NodeBook& nodes, Pending& pending) {
  const bool is_replay = (context.packet.flags & index::kReplay) != 0;
  if (const auto* text = std::get_if<mesh::TextPayload>(&payload)) {
    if (context.data.port == mesh::TEXT_MESSAGE_APP) add_message(context, *text, pending);
    return {};
  }
  const auto* user = std::get_if<mesh::User>(&payload);
  const auto* position = std::get_if<mesh::Position>(&payload);
  const auto* telemetry = std::get_if<mesh::Telemetry>(&payload);
  if ((user == nullptr && position == nullptr && telemetry == nullptr) || !is_node(context.packet.from)) return {};
  auto node = nodes.change(context.packet.from);
  if (!node) return fail(node.error());
  if (user != nullptr) fold_user(**node, *user, context.known_us);
  if (position != nullptr) fold_place(context, *position, **node, is_replay, pending);
  if (telemetry != nullptr) fold_telemetry(context, *telemetry, **node, is_replay, pending);
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
