#pragma once

#include "core/store/applied_feed.h"
#include "core/store/index/index_writer.h"
#include "core/store/index/node_rows.h"
#include "core/store/index/rows.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace mmm::ingest {

// Unique packets over the air by port (as index::TrafficRow::port), channel's name and region, for Prometheus.
using MeshPackets = std::map<std::tuple<std::int64_t, std::string, std::optional<std::uint32_t>>, std::uint64_t>;

// What the next transaction writes besides nodes and agents. Emptied when it is committed.
struct Pending {
  using Traffic = std::map<std::pair<std::int64_t, std::int64_t>, index::TrafficRow>;  // by start and port

  std::vector<index::PacketRow> packets;                               // new, by id
  std::vector<std::uint64_t> packet_keys;                              // what each is recognized by
  std::unordered_map<store::LogId, index::PacketRow> changed_packets;  // already in the index
  std::vector<index::PacketRow> late_packets;
  std::vector<store::AppliedReception> receptions;  // rising by id, the first ones of packets too
  std::vector<index::PositionRow> positions;
  std::vector<index::TelemetryRow> telemetry;
  std::vector<index::MessageRow> messages;
  std::vector<index::AckRow> acks;
  std::vector<index::IdentityChangeRow> identity_changes;
  std::vector<index::WaypointRow> waypoints;
  std::vector<index::MapReportRow> map_reports;
  std::vector<index::UnreadableRow> unreadable;
  std::unordered_map<std::uint64_t, index::HeardByRow> heard_by;                     // by node and agent
  std::map<std::pair<std::int64_t, std::int64_t>, index::AgentHourRow> agent_hours;  // by agent and start
  Traffic minutes;
  Traffic hours;
  std::array<std::int64_t, index::kCounters> counters{};
  MeshPackets mesh_packets;
  std::size_t records = 0;
  store::LogId cursor = 0;  // 0: nothing was applied

  void count(index::Counter counter, std::int64_t by = 1) { counters[static_cast<std::size_t>(counter)] += by; }
  void count(index::DecodeError error, std::int64_t by = 1) {
    counters[static_cast<std::size_t>(index::Counter::kErrorsFirst) + static_cast<std::size_t>(error)] += by;
  }
  // Adds to the minute and the hour of `time_us`.
  void add_traffic(std::int64_t time_us, std::int64_t port, std::int64_t packets_by, std::int64_t receptions_by);
  // One reception of `node` by `agent` over the air; heard_by is summed up in log order.
  void add_heard_by(const index::HeardByRow& row);
  // One reception by `agent`, heard or not, of a packet of that hour.
  void add_agent_hour(std::int64_t agent, std::int64_t start_us);
  // The new packet of that id; null when it is not among them.
  index::PacketRow* new_packet(store::LogId id);

  // Writes all of it in the open transaction.
  Result<> write(index::IndexWriter& writer) const;
  void clear();
};

}  // namespace mmm::ingest
