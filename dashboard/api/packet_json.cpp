#include "core/base/encoding.h"
#include "core/mesh/names.h"
#include "core/mesh/node_id.h"
#include "dashboard/api/rows_json.h"

namespace mmm::dashboard {
namespace {

constexpr std::pair<std::uint32_t, const char*> kFlagNames[] = {
    {index::kReplay, "replay"}, {index::kMqtt, "mqtt"},           {index::kUdp, "udp"},
    {index::kOwn, "own"},       {index::kEncrypted, "encrypted"}, {index::kDecrypted, "decrypted"},
    {index::kPki, "pki"},       {index::kWantAck, "want_ack"},    {index::kViaMqtt, "via_mqtt"}};

void write_place(JsonWriter& json, const index::Position& position) {
  json.field("latitude", position.latitude()).field("longitude", position.longitude());
  json.field("altitude", position.altitude);
  json.key("precision_bits");
  if (position.precision_bits == 0) {
    json.null();
  } else {
    json.value(position.precision_bits);
  }
  json.field("time_us", position.time_us);
}

void write_metrics(JsonWriter& json, const index::DeviceMetrics& metrics) {
  json.field("battery_level", metrics.battery_level)
      .field("voltage", metrics.voltage)
      .field("channel_utilization", metrics.channel_utilization)
      .field("air_util_tx", metrics.air_util_tx)
      .field("uptime_seconds", metrics.uptime_seconds);
}

std::optional<std::uint32_t> non_zero(std::uint32_t number) {
  return number == 0 ? std::nullopt : std::optional(number);
}

const char* telemetry_kind(std::uint32_t kind) {
  static constexpr const char* kNames[] = {
      "device_metrics", "environment_metrics", "air_quality_metrics", "power_metrics",
      "local_stats",    "health_metrics",      "host_metrics",        "traffic_management_stats"};
  return kind >= 2 && kind < 2 + std::size(kNames) ? kNames[kind - 2] : "unknown";
}

void write_telemetry(JsonWriter& json, const index::TelemetryRow& row) {
  json.begin_object().field("id", row.packet).field("time_us", row.time_us).field("kind", telemetry_kind(row.kind));
  write_metrics(json, row.device);
  json.key("metrics");
  if (row.metrics.empty()) {
    json.null();
  } else {
    json.raw(row.metrics);
  }
  json.end_object();
}

}  // namespace

void write_flags(JsonWriter& json, std::uint32_t flags) {
  json.begin_array();
  for (const auto& [bit, name] : kFlagNames) {
    if ((flags & bit) != 0) json.value(name);
  }
  json.end_array();
}

void write_packet_fields(JsonWriter& json, const index::PacketRow& packet) {
  json.field("id", packet.id).field("time_us", packet.time_us);
  json.field("from", mesh::format_node_id(packet.from)).text_field("from_name", packet.from_name);
  json.field("to", mesh::format_node_id(packet.to)).text_field("to_name", packet.to_name);
  json.field("packet_id", packet.packet_id).field("port", packet.port);
  json.text_field("port_name", packet.port ? mesh::port_name(*packet.port) : std::string());
  json.field("channel", packet.channel).field("hop_start", packet.hop_start).field("hop_limit", packet.hop_limit);
  json.field("hops", packet.hops).field("size", packet.size);
  json.key("flags");
  write_flags(json, packet.flags);
  json.field("best_snr", packet.best_snr).field("best_rssi", packet.best_rssi);
  json.text_field("summary", packet.summary);
}

void write_packet(JsonWriter& json, const index::PacketRow& packet) {
  json.begin_object();
  write_packet_fields(json, packet);
  json.text_field("agent", packet.first_agent).field("receptions", packet.receptions).end_object();
}

void write_exported_packet(JsonWriter& json, const index::PacketRow& packet) {
  json.begin_object();
  write_packet_fields(json, packet);
  json.field("receptions", packet.receptions).end_object();
}

void write_reception(JsonWriter& json, const index::ReceptionRow& reception) {
  json.begin_object();
  json.field("id", reception.id).field("agent", reception.agent_id).field("time_us", reception.time_us);
  json.field("snr", reception.snr).field("rssi", reception.rssi).field("hops", reception.hops);
  json.field("hop_limit", reception.hop_limit).field("relay_node", non_zero(reception.relay_node));
  json.key("flags");
  write_flags(json, reception.flags);
  json.end_object();
}

void write_message(JsonWriter& json, const index::MessageRow& message) {
  json.begin_object();
  json.field("id", message.packet).field("time_us", message.time_us);
  json.field("from", mesh::format_node_id(message.from)).text_field("from_name", message.from_name);
  json.field("to", mesh::format_node_id(message.to)).field("packet_id", message.packet_id);
  json.field("channel", message.channel).field("text", message.text);
  json.field("reply_id", non_zero(message.reply_id)).field("emoji", non_zero(message.emoji ? 1 : 0));
  json.field("receptions", message.receptions).field("hops_min", message.hops_min);
  json.field("hops_max", message.hops_max).key("ack");
  if (message.ack_us) {
    json.begin_object().field("time_us", *message.ack_us).field("from", mesh::format_node_id(message.ack_from));
    json.field("error", mesh::routing_error_name(static_cast<int>(message.ack_error))).end_object();
  } else {
    json.null();
  }
  json.end_object();
}

void write_node_fields(JsonWriter& json, const index::NodeRow& node) {
  json.field("id", mesh::format_node_id(node.num)).field("num", node.num);
  json.text_field("short_name", node.short_name).text_field("long_name", node.long_name);
  json.text_field("hw_model", node.hw_model ? mesh::hardware_name(static_cast<int>(*node.hw_model)) : std::string());
  json.text_field("role", node.role ? mesh::role_name(static_cast<int>(*node.role)) : std::string());
  json.text_field("public_key", to_base64(node.public_key));
  json.field("is_licensed", node.is_licensed);
  json.field("first_heard_us", node.first_heard_us).field("last_heard_us", node.last_heard_us);
  json.key("position");
  if (node.position) {
    json.begin_object();
    write_place(json, *node.position);
    json.end_object();
  } else {
    json.null();
  }
  write_metrics(json, node.metrics);
  json.field("snr", node.snr).field("rssi", node.rssi).field("hops_away", node.hops_away);
  json.field("packets", node.packets).field("via_mqtt", node.via_mqtt);
}

void write_node(JsonWriter& json, const index::NodeRow& node) {
  json.begin_object();
  write_node_fields(json, node);
  json.end_object();
}

void write_node_detail(JsonWriter& json, const index::NodeRow& node, const index::NodeDetail& detail) {
  json.begin_object();
  write_node_fields(json, node);
  json.key("positions").begin_array();
  for (const index::PositionRow& row : detail.positions) {
    json.begin_object().field("id", row.packet);
    write_place(json, row.position);
    json.field("ground_speed", row.ground_speed).field("sats_in_view", row.sats_in_view).end_object();
  }
  json.end_array();
  json.key("telemetry").begin_array();
  for (const index::TelemetryRow& row : detail.telemetry) write_telemetry(json, row);
  json.end_array();
  json.key("heard_by").begin_array();
  for (const index::HeardByRow& row : detail.heard_by) {
    json.begin_object().field("agent", row.agent_id).field("last_us", row.last_us);
    json.field("snr", row.snr).field("rssi", row.rssi).field("hops", row.hops);
    json.field("receptions", row.receptions).end_object();
  }
  json.end_array();
  json.key("recent_packets").begin_array();
  for (const index::PacketRow& packet : detail.packets) write_packet(json, packet);
  json.end_array();
  json.end_object();
}

}  // namespace mmm::dashboard
