#include "core/store/index/row_codec.h"

#include <cmath>

namespace mmm::index {
namespace {

std::int64_t distance(LogId id, std::int64_t time_us) {
  return static_cast<std::int64_t>(id) - time_us;
}

}  // namespace

std::optional<std::int64_t> to_centi(std::optional<double> value) {
  if (!value || !std::isfinite(*value) || std::abs(*value) > 1e6) return std::nullopt;
  return std::llround(*value * 100);
}

std::optional<double> from_centi(std::optional<std::int64_t> value) {
  if (!value) return std::nullopt;
  return static_cast<double>(*value) / 100;
}

NodeRow read_node(const sqlite::Statement& row) {
  NodeRow node;
  node.num = static_cast<std::uint32_t>(row.integer(0));
  node.short_name = row.text(1);
  node.long_name = row.text(2);
  node.hw_model = narrow<std::uint32_t>(row.optional_integer(3));
  node.role = narrow<std::uint32_t>(row.optional_integer(4));
  node.public_key = row.blob(5);
  node.is_licensed = row.integer(6) != 0;
  node.user_us = row.integer(7);
  node.first_heard_us = row.optional_integer(8);
  // 0 stands for never, so that the index on it orders all nodes.
  if (row.integer(9) != 0) node.last_heard_us = row.integer(9);
  if (!row.is_null(10)) {
    node.position = Position{.latitude_i = static_cast<std::int32_t>(row.integer(10)),
                             .longitude_i = static_cast<std::int32_t>(row.integer(11)),
                             .altitude = narrow<std::int32_t>(row.optional_integer(12)),
                             .precision_bits = static_cast<std::uint32_t>(row.integer(13)),
                             .time_us = row.integer(14)};
  }
  node.position_us = row.integer(15);
  node.metrics.battery_level = narrow<std::uint32_t>(row.optional_integer(16));
  node.metrics.voltage = row.optional_real(17);
  node.metrics.channel_utilization = row.optional_real(18);
  node.metrics.air_util_tx = row.optional_real(19);
  node.metrics.uptime_seconds = narrow<std::uint32_t>(row.optional_integer(20));
  node.metrics_us = row.integer(21);
  node.snr = from_centi(row.optional_integer(22));
  node.rssi = narrow<std::int32_t>(row.optional_integer(23));
  node.signal_us = row.integer(24);
  node.hops_away = narrow<std::uint32_t>(row.optional_integer(25));
  node.hops_us = row.integer(26);
  node.packets = static_cast<std::uint64_t>(row.integer(27));
  node.via_mqtt = row.integer(28) != 0;
  return node;
}

void bind_node(sqlite::Statement& statement, const NodeRow& node) {
  std::optional<std::int32_t> latitude;
  std::optional<std::int32_t> longitude;
  std::optional<std::int32_t> altitude;
  if (node.position) {
    latitude = node.position->latitude_i;
    longitude = node.position->longitude_i;
    altitude = node.position->altitude;
  }
  const Position position = node.position.value_or(Position{});
  statement.bind(node.num, node.short_name, node.long_name, node.hw_model, node.role, sqlite::Blob{node.public_key},
                 node.is_licensed, node.user_us, node.first_heard_us, node.last_heard_us.value_or(0), latitude,
                 longitude, altitude, position.precision_bits, position.time_us, node.position_us,
                 node.metrics.battery_level, node.metrics.voltage, node.metrics.channel_utilization,
                 node.metrics.air_util_tx, node.metrics.uptime_seconds, node.metrics_us, to_centi(node.snr), node.rssi,
                 node.signal_us, node.hops_away, node.hops_us, node.packets, node.via_mqtt);
}

AgentRow read_agent(const sqlite::Statement& row) {
  const auto count = [&row](int column) { return static_cast<std::uint64_t>(row.integer(column)); };
  AgentRow agent;
  agent.num = row.integer(0);
  agent.id = row.text(1);
  agent.location_name = row.text(2);
  agent.latitude = row.optional_real(3);
  agent.longitude = row.optional_real(4);
  agent.version = row.text(5);
  agent.stream_count = static_cast<std::uint32_t>(row.integer(6));
  agent.first_seen_us = row.integer(7);
  agent.last_upload_us = row.integer(8);
  agent.clock_skew_us = row.optional_integer(9);
  agent.receptions = count(10);
  agent.link_state = static_cast<std::uint32_t>(row.integer(11));
  agent.link = row.text(12);
  agent.link_reason = row.text(13);
  agent.channels = row.text(14);
  agent.region = narrow<std::uint32_t>(row.optional_integer(15));
  agent.modem_preset = narrow<std::uint32_t>(row.optional_integer(16));
  agent.radio_num = narrow<std::uint32_t>(row.optional_integer(17));
  agent.firmware = row.text(18);
  agent.hw_model = narrow<std::uint32_t>(row.optional_integer(19));
  agent.role = narrow<std::uint32_t>(row.optional_integer(20));
  agent.ledger = LedgerRow{.captured = count(21),
                           .delivered = count(22),
                           .duplicate = count(23),
                           .set_aside = count(24),
                           .dropped = count(25),
                           .filtered = count(26),
                           .waiting = count(27)};
  return agent;
}

StreamRow read_stream(const sqlite::Statement& row) {
  return {.agent = row.integer(0),
          .stream = std::string(row.blob(1)),
          .own_node = static_cast<std::uint32_t>(row.integer(2)),
          .last_us = row.integer(3),
          .started_us = row.integer(4),
          .away_us = row.integer(5),
          .away_reason = std::string(row.text(6)),
          .dropped = static_cast<std::uint64_t>(row.integer(7)),
          .set_aside = static_cast<std::uint64_t>(row.integer(8))};
}

void bind_stream(sqlite::Statement& statement, const StreamRow& stream) {
  statement.bind(stream.agent, sqlite::Blob{stream.stream}, stream.own_node, stream.last_us, stream.started_us,
                 stream.away_us, stream.away_reason, stream.dropped, stream.set_aside);
}

void bind_agent(sqlite::Statement& statement, const AgentRow& agent) {
  const LedgerRow& ledger = agent.ledger;
  statement.bind(agent.num, agent.id, agent.location_name, agent.latitude, agent.longitude, agent.version,
                 agent.stream_count, agent.first_seen_us, agent.last_upload_us, agent.clock_skew_us, agent.receptions,
                 agent.link_state, agent.link, agent.link_reason, agent.channels, agent.region, agent.modem_preset,
                 agent.radio_num, agent.firmware, agent.hw_model, agent.role, ledger.captured, ledger.delivered,
                 ledger.duplicate, ledger.set_aside, ledger.dropped, ledger.filtered, ledger.waiting);
}

PacketRow read_packet(const sqlite::Statement& row) {
  const auto u32 = [&row](int column) { return static_cast<std::uint32_t>(row.integer(column)); };
  PacketRow packet;
  packet.id = static_cast<LogId>(row.integer(0));
  packet.time_us = row.integer(0) - row.integer(1);
  packet.from = u32(2);
  packet.to = u32(3);
  packet.packet_id = u32(4);
  packet.port = narrow<std::uint32_t>(row.optional_integer(5));
  packet.channel = u32(6);
  packet.hop_start = u32(7);
  packet.hop_limit = u32(8);
  packet.size = u32(9);
  packet.flags = u32(10);
  packet.error = static_cast<DecodeError>(row.integer(11));
  packet.hops = narrow<std::uint32_t>(row.optional_integer(12));
  packet.best_snr = from_centi(row.optional_integer(13));
  packet.best_rssi = narrow<std::int32_t>(row.optional_integer(14));
  packet.receptions = u32(15);
  packet.airtime_us = narrow<std::uint32_t>(row.optional_integer(16));
  packet.content_key = narrow<std::uint64_t>(row.optional_integer(17));
  packet.summary = row.text(18);
  return packet;
}

void bind_packet(sqlite::Statement& statement, const PacketRow& packet) {
  const std::int64_t to = packet.to == kBroadcastNode ? kBroadcastStored : std::int64_t{packet.to};
  statement.bind(packet.id, distance(packet.id, packet.time_us), packet.from, to, packet.packet_id, packet.port,
                 packet.channel, packet.hop_start, packet.hop_limit, packet.size, packet.flags,
                 static_cast<std::uint8_t>(packet.error), packet.hops, to_centi(packet.best_snr), packet.best_rssi,
                 packet.receptions, packet.airtime_us, packet.content_key, packet.summary,
                 sqlite::Blob{packet.reception_list});
}

std::string parameters(int count) {
  std::string text;
  for (int i = 1; i <= count; ++i) text += fmt::format("{}?{}", i == 1 ? "" : ", ", i);
  return text;
}

}  // namespace mmm::index
