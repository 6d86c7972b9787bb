#pragma once

#include "core/sqlite/statement.h"
#include "core/store/index/rows.h"

#include <cstdint>
#include <optional>
#include <string>

// How values become columns: shared by the writer and the queries, so that there is one place for each table's columns.
namespace mmm::index {

// SNR is stored in hundredths of a dB: radios give quarters, and an integer takes 2 bytes instead of 8.
std::optional<std::int64_t> to_centi(std::optional<double> value);
std::optional<double> from_centi(std::optional<std::int64_t> value);

template <class Integer>
std::optional<Integer> narrow(std::optional<std::int64_t> value) {
  if (!value) return std::nullopt;
  return static_cast<Integer>(*value);
}

inline constexpr const char* kNodeColumns =
    "num, short_name, long_name, hw_model, role, public_key, is_licensed, user_us, first_heard_us, last_heard_us, "
    "latitude_i, longitude_i, altitude, precision_bits, fix_us, position_us, battery_level, voltage, "
    "channel_utilization, air_util_tx, uptime_seconds, metrics_us, snr, rssi, signal_us, hops_away, hops_us, packets, "
    "via_mqtt";
inline constexpr int kNodeColumnCount = 29;
NodeRow read_node(const sqlite::Statement& row);
void bind_node(sqlite::Statement& statement, const NodeRow& node);

inline constexpr const char* kAgentColumns =
    "num, id, location_name, latitude, longitude, version, stream_count, first_seen_us, last_upload_us, clock_skew_us, "
    "receptions, link_state, link, link_reason, channels, region, modem_preset, radio_num, firmware, hw_model, role, "
    "captured, delivered, duplicate, set_aside, dropped, filtered, waiting";
inline constexpr int kAgentColumnCount = 28;
AgentRow read_agent(const sqlite::Statement& row);
void bind_agent(sqlite::Statement& statement, const AgentRow& agent);

inline constexpr const char* kStreamColumns =
    "agent, stream, own_node, last_us, started_us, away_us, away_reason, name, is_current, link_state, link, "
    "link_reason, channels, region, modem_preset, radio_num, firmware, hw_model, role, captured, delivered, duplicate, "
    "set_aside, dropped, filtered, waiting";
inline constexpr int kStreamColumnCount = 26;
StreamRow read_stream(const sqlite::Statement& row);
void bind_stream(sqlite::Statement& statement, const StreamRow& stream);

inline constexpr const char* kPacketColumns =
    "id, lag, from_node, to_node, packet_id, port, channel, hop_start, hop_limit, size, flags, error, hops, best_snr, "
    "best_rssi, receptions, airtime_us, content_key, summary";
inline constexpr int kPacketColumnCount = 19;
// Behind kPacketColumns in what the writer reads and writes; lists leave it out.
inline constexpr const char* kReceptionListColumn = "reception_list";
// The addressee of most packets, and how packets.to_node has it: -1 takes one byte, where its number takes six.
inline constexpr std::uint32_t kBroadcastNode = 0xFFFFFFFF;
inline constexpr std::int64_t kBroadcastStored = -1;
// All but the receptions.
PacketRow read_packet(const sqlite::Statement& row);
// With the receptions.
void bind_packet(sqlite::Statement& statement, const PacketRow& packet);

inline constexpr const char* kTelemetryColumns =
    "packet, node, lag, kind, battery_level, voltage, channel_utilization, air_util_tx, uptime_seconds, metrics";
inline constexpr int kTelemetryColumnCount = 10;

// "?1, ?2, …": as many parameters as a table has columns.
std::string parameters(int count);

}  // namespace mmm::index
