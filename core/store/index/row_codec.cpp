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

namespace {

constexpr int kRadioColumns = 10;

// Columns of a table from `first` on, in the order of RadioFacts.
RadioFacts read_radio(const sqlite::Statement& row, int first) {
  return {.link_state = static_cast<std::uint32_t>(row.integer(first)),
          .link = std::string(row.text(first + 1)),
          .link_reason = std::string(row.text(first + 2)),
          .channels = std::string(row.text(first + 3)),
          .region = narrow<std::uint32_t>(row.optional_integer(first + 4)),
          .modem_preset = narrow<std::uint32_t>(row.optional_integer(first + 5)),
          .radio_num = narrow<std::uint32_t>(row.optional_integer(first + 6)),
          .firmware = std::string(row.text(first + 7)),
          .hw_model = narrow<std::uint32_t>(row.optional_integer(first + 8)),
          .role = narrow<std::uint32_t>(row.optional_integer(first + 9))};
}

LedgerRow read_ledger(const sqlite::Statement& row, int first) {
  const auto count = [&row](int column) { return static_cast<std::uint64_t>(row.integer(column)); };
  return {.captured = count(first),
          .delivered = count(first + 1),
          .duplicate = count(first + 2),
          .set_aside = count(first + 3),
          .dropped = count(first + 4),
          .filtered = count(first + 5),
          .waiting = count(first + 6)};
}

// Binds `before`, then what `radio` and `ledger` hold, in the order in which they are read.
template <class... Before>
void bind_with_radio(sqlite::Statement& statement, const RadioFacts& radio, const LedgerRow& ledger,
                     const Before&... before) {
  statement.bind(before..., radio.link_state, radio.link, radio.link_reason, radio.channels, radio.region,
                 radio.modem_preset, radio.radio_num, radio.firmware, radio.hw_model, radio.role, ledger.captured,
                 ledger.delivered, ledger.duplicate, ledger.set_aside, ledger.dropped, ledger.filtered, ledger.waiting);
}

}  // namespace

AgentRow read_agent(const sqlite::Statement& row) {
  constexpr int kOwnColumns = 11;
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
  agent.receptions = static_cast<std::uint64_t>(row.integer(10));
  agent.radio = read_radio(row, kOwnColumns);
  agent.ledger = read_ledger(row, kOwnColumns + kRadioColumns);
  return agent;
}

StreamRow read_stream(const sqlite::Statement& row) {
  constexpr int kOwnColumns = 9;
  return {.agent = row.integer(0),
          .stream = std::string(row.blob(1)),
          .own_node = static_cast<std::uint32_t>(row.integer(2)),
          .last_us = row.integer(3),
          .started_us = row.integer(4),
          .away_us = row.integer(5),
          .away_reason = std::string(row.text(6)),
          .name = std::string(row.text(7)),
          .is_current = row.integer(8) != 0,
          .radio = read_radio(row, kOwnColumns),
          .ledger = read_ledger(row, kOwnColumns + kRadioColumns)};
}

void bind_stream(sqlite::Statement& statement, const StreamRow& stream) {
  bind_with_radio(statement, stream.radio, stream.ledger, stream.agent, sqlite::Blob{stream.stream}, stream.own_node,
                  stream.last_us, stream.started_us, stream.away_us, stream.away_reason, stream.name,
                  stream.is_current);
}

void bind_agent(sqlite::Statement& statement, const AgentRow& agent) {
  bind_with_radio(statement, agent.radio, agent.ledger, agent.num, agent.id, agent.location_name, agent.latitude,
                  agent.longitude, agent.version, agent.stream_count, agent.first_seen_us, agent.last_upload_us,
                  agent.clock_skew_us, agent.receptions);
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
