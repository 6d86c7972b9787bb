#pragma once

#include "core/base/limits.h"
#include "core/base/result.h"
#include "core/store/index/link_rows.h"
#include "core/store/index/node_filter.h"
#include "core/store/index/node_rows.h"
#include "core/store/index/overlap.h"
#include "core/store/index/packet_filter.h"
#include "core/store/index/rows.h"
#include "core/store/index/storage.h"
#include "core/store/index/telemetry_rows.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mmm::index {

// A node counts as online when it was heard within that: the mesh's own meaning of the word.
inline constexpr std::int64_t kNodeOnlineUs = 2LL * 3600 * 1'000'000;
// An agent counts as online when it uploaded within that; it does so every 4 minutes, whatever its radio hears.
inline constexpr std::int64_t kAgentOnlineUs = 5LL * 60 * 1'000'000;
// How far back the series of StatsRow reach.
inline constexpr std::int64_t kMinutesShown = 60;
inline constexpr std::int64_t kHoursShown = 24;

// How far to look for packets, and in which order.
struct PacketScan {
  std::size_t limit = 0;
  bool ascending = false;        // by log id; else newest first
  std::optional<LogId> after{};  // where the last page ended: PacketPage::searched_to
  std::size_t rows_max = limits::kScanRowsMax;
};

struct PacketPage {
  std::vector<PacketRow> rows;
  // The last packet looked at, when there are more: fewer rows than asked for then mean that rows_max was reached.
  std::optional<LogId> searched_to;
};

// One node's positions, rising by log id.
struct PositionScan {
  std::uint32_t node = 0;
  LogId after = 0;
  std::size_t limit = 0;
  std::size_t rows_max = limits::kScanRowsMax;
};

struct PositionPage {
  std::vector<PositionRow> positions;
  std::optional<LogId> searched_to;  // as PacketPage
};

enum class NodeOrder : std::uint8_t {
  kNumber,  // rising: stable while nodes are heard
  kHeard,   // last heard first, never heard last
};

struct NodeQuery {
  std::size_t limit = 0;
  NodeOrder order = NodeOrder::kNumber;
  // The last row of the page before.
  std::optional<std::uint32_t> after_num{};
  std::int64_t after_heard_us = 0;
  std::optional<std::int64_t> heard_since_us{};  // where a list by last heard ends, found by its index
  NodeFilter filter{};
};

struct LinkQuery {
  std::size_t limit = 0;
  std::optional<std::uint32_t> node{};  // at either end
  std::optional<std::uint32_t> from{};  // transmits
  std::optional<std::uint32_t> to{};    // receives
  std::optional<LinkEvidence> evidence{};
  std::int64_t since_us = 0;       // seen at or after
  std::optional<LinkKey> after{};  // the last row of the page before
};

struct TracerouteQuery {
  std::size_t limit = 0;
  std::optional<LogId> before{};
  std::optional<std::uint32_t> node{};  // at either end
  bool replies_only = false;
};

struct NodeDetail {
  std::vector<PositionRow> positions;   // newest first
  std::vector<TelemetryRow> telemetry;  // newest first
  std::vector<HeardByRow> heard_by;     // last heard first
  std::vector<PacketRow> packets;       // newest first
};

struct TrafficPoint {
  std::int64_t start_us = 0;
  std::uint64_t packets = 0;
  std::uint64_t receptions = 0;
};
struct PortTraffic {
  std::int64_t port = 0;  // as TrafficRow::port
  std::uint64_t packets = 0;
};

// Traffic over the air from `since_us` to before `until_us`, by steps of whole minutes or hours.
struct TrafficQuery {
  std::int64_t step_us = kHourUs;
  std::int64_t since_us = 0;
  std::int64_t until_us = 0;
  std::size_t limit = 0;
  bool from_minutes = false;           // instead of the hours: for steps below one
  std::optional<std::int64_t> port{};  // as TrafficRow::port
};
struct TrafficSeriesPoint {
  std::int64_t start_us = 0;
  std::int64_t port = 0;
  std::uint64_t packets = 0;
  std::uint64_t receptions = 0;
};

struct TelemetryQuery {
  std::uint32_t node = 0;
  std::uint32_t kind = 0;
  std::int64_t since_us = 0;  // raw values: by the time of their packet's log id
  std::int64_t until_us = 0;
  std::size_t limit = 0;
};

// What a node did over several hours together.
struct NodeTotals {
  std::uint32_t node = 0;
  std::uint64_t packets = 0;
  std::uint64_t receptions = 0;
  std::uint64_t airtime_us = 0;
  std::uint64_t flooded = 0;
  std::string name{};
};
enum class NodeMeasure : std::uint8_t { kPackets, kReceptions, kAirtime, kFlooded };

// Nodes heard since then whose battery is at most, or whose channel is at least, that many percent.
struct StrainedQuery {
  std::int64_t heard_since_us = 0;
  std::uint32_t battery_max = 0;
  double utilization_min = 100;
  std::size_t limit = 0;
};

struct MessageQuery {
  std::size_t limit = 0;
  std::optional<LogId> before{};        // where the last page ended: MessagePage::searched_to
  std::string words{};                  // all of them, the last may be a beginning; without any: every message
  std::optional<std::uint32_t> from{};  // sender
  std::size_t rows_max = limits::kScanRowsMax;
};

struct MessagePage {
  std::vector<MessageRow> rows;      // newest first
  std::optional<LogId> searched_to;  // as PacketPage
};

struct StatsRow {
  LogId cursor = 0;
  std::array<std::int64_t, kCounters> counters{};
  std::uint64_t nodes = 0;
  std::uint64_t nodes_online = 0;
  std::uint64_t agents = 0;
  std::uint64_t agents_online = 0;
  TrafficPoint last_hour;
  TrafficPoint last_day;
  std::vector<TrafficPoint> minutes;  // those with traffic of the last 60, rising
  std::vector<TrafficPoint> hours;    // of the last 24, rising
  std::vector<PortTraffic> ports;     // of the last 24 hours, most packets first
};

// Answers questions from the index. One connection, so one thread at a time; several readers do not disturb each other
// or the writer. Every list is read in the order of an index, and stops after `limit` rows.
class IndexReader {
 public:
  // Fails when there is no index or it is of another version.
  static Result<std::unique_ptr<IndexReader>> open(const std::filesystem::path& path);
  ~IndexReader();
  IndexReader(const IndexReader&) = delete;
  IndexReader& operator=(const IndexReader&) = delete;

  // Opens the file again when another one has been put in its place. Call it before a query. True: it was another one.
  Result<bool> refresh();

  // Tells this file of the index from others that were at its path.
  [[nodiscard]] std::uint64_t generation() const;

  // `stop` is asked every few thousand steps of a query, on the thread of the query: true ends it with kTimeout. Null:
  // nobody is asked.
  void interrupt_when(std::function<bool()> stop);

  // The last applied record; also the version of every answer.
  Result<LogId> cursor();

  Result<PacketPage> find_packets(const PacketFilter& filter, const PacketScan& scan);
  Result<std::optional<PacketRow>> packet(LogId id);
  Result<std::vector<ReceptionRow>> receptions(LogId packet);
  Result<std::optional<ReceptionRow>> reception(LogId packet, LogId id);
  // Fills PacketRow::first_agent of rows that find_packets() gave. On its own, since exports do without.
  Result<> find_first_agents(std::span<PacketRow> packets);
  // Nothing when words are asked for and what was typed has none.
  Result<MessagePage> find_messages(const MessageQuery& query);

  Result<std::vector<NodeRow>> nodes(const NodeQuery& query);
  Result<std::optional<NodeRow>> node(std::uint32_t num);
  Result<NodeDetail> node_detail(std::uint32_t num);
  // The agents that heard a node over the air, last heard first.
  Result<std::vector<HeardByRow>> heard_by(std::uint32_t num);
  // The nodes of that short name or, when there is none, of that long name, ASCII letters in any case.
  Result<std::vector<std::uint32_t>> nodes_named(std::string_view name, std::size_t limit);

  // Rising; one point for each step and port that had traffic.
  Result<std::vector<TrafficSeriesPoint>> traffic(const TrafficQuery& query);
  // Rising. Hours without anything are left out.
  Result<std::vector<NodeHourRow>> node_hours(std::uint32_t node, std::int64_t since_us, std::int64_t until_us);
  Result<std::vector<AgentHourRow>> agent_hours(std::int64_t agent, std::int64_t since_us, std::int64_t until_us);
  // What agents heard in common of the packets that came since then: of the newest `packets_max` of them.
  Result<Overlap> overlap(std::int64_t since_us, std::size_t packets_max, std::size_t paired_max);
  // The nodes with the most of it in those hours, most first.
  Result<std::vector<NodeTotals>> top_nodes(NodeMeasure measure, std::int64_t since_us, std::int64_t until_us,
                                            std::size_t limit);
  // Rising.
  Result<std::vector<TelemetryRow>> telemetry(const TelemetryQuery& query);
  // Rising by start; `step_us`: kFiveMinutesUs or kHourUs.
  Result<std::vector<RollupRow>> rollups(const TelemetryQuery& query, std::int64_t step_us);
  // Newest first.
  Result<std::vector<IdentityChangeRow>> identity_changes(std::uint32_t node, std::size_t limit);
  Result<std::optional<MapReportRow>> map_report(std::uint32_t node);
  // Those that have not expired then, newest first.
  Result<std::vector<WaypointRow>> waypoints(std::int64_t now_us, std::size_t limit);
  // Keys that several nodes have, with those nodes: one of them is not who it says.
  Result<std::vector<NodeRow>> shared_keys(std::size_t limit);

  // Last heard first.
  Result<std::vector<NodeRow>> strained_nodes(const StrainedQuery& query);

  // Links in the order of their nodes' numbers.
  Result<std::vector<LinkRow>> links(const LinkQuery& query);
  // The hours of a link, rising.
  Result<std::vector<LinkHourRow>> link_hours(const LinkKey& key, std::int64_t since_us, std::int64_t until_us);
  // What an agent's radio hears from relays.
  Result<std::vector<RelayRow>> relays(std::int64_t agent);
  // The nodes with that last byte that the agent has received without a hop between, newest first: which the relay can
  // be.
  Result<std::vector<HeardByRow>> relay_candidates(std::int64_t agent, std::uint32_t relay);
  // Newest first.
  Result<std::vector<TracerouteRow>> traceroutes(const TracerouteQuery& query);

  // The next node by number that has told a position.
  Result<std::optional<std::uint32_t>> node_with_positions(std::optional<std::uint32_t> above);
  // Those whose packets the filter holds for.
  Result<PositionPage> find_positions(const PacketFilter& filter, const PositionScan& scan);

  // By number, which is the order of appearance; those above `after`.
  Result<std::vector<AgentRow>> agents(std::size_t limit, std::int64_t after = 0);
  Result<std::optional<AgentRow>> agent(std::int64_t num);
  // The number of an agent by its id.
  Result<std::optional<std::int64_t>> agent_number(std::string_view id);

  // Those that touch the time, newest first.
  Result<std::vector<GapRow>> gaps(std::int64_t agent, std::int64_t since_us, std::int64_t until_us, std::size_t limit);

  // What contains the text, ASCII letters in any case. Nodes also by their number; those whose name it is come first,
  // then those whose name begins with it.
  Result<std::vector<NodeRow>> search_nodes(std::string_view text, std::optional<std::uint32_t> num, std::size_t limit);
  Result<std::vector<AgentRow>> search_agents(std::string_view text, std::size_t limit);

  // Online: nodes heard within 2 hours, agents that uploaded within 5 minutes before `now_us`.
  Result<StatsRow> stats(std::int64_t now_us);

  // What the index takes, and how fast it grows: an estimate, some tens of milliseconds.
  Result<IndexStorage> storage();

  // Runs `EXPLAIN QUERY PLAN` on every statement prepared so far; for the test that lists come from index scans.
  Result<std::vector<std::string>> plans();

 private:
  struct Impl;
  explicit IndexReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mmm::index
