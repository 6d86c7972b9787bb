#pragma once

#include "core/base/result.h"
#include "core/store/index/rows.h"

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
// How far back the series of StatsRow reach.
inline constexpr std::int64_t kMinutesShown = 60;
inline constexpr std::int64_t kHoursShown = 24;

// Which packets: all conditions hold. Newest first, by log id.
struct PacketQuery {
  std::size_t limit = 0;
  std::optional<LogId> before{};  // only ids below: where the last page ended
  std::optional<std::uint32_t> from{};
  std::optional<std::uint32_t> to{};
  std::optional<std::uint32_t> port{};
  bool not_decoded = false;  // instead of port
  std::optional<std::int64_t> agent{};
  std::optional<std::int64_t> since_us{};  // came to the log at or after
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
  std::optional<std::int64_t> heard_since_us{};
  std::string text;  // part of a name or of the id, any case
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

  Result<std::vector<PacketRow>> packets(const PacketQuery& query);
  Result<std::optional<PacketRow>> packet(LogId id);
  Result<std::vector<ReceptionRow>> receptions(LogId packet);
  Result<std::optional<ReceptionRow>> reception(LogId packet, LogId id);
  Result<std::vector<MessageRow>> messages(std::size_t limit, std::optional<LogId> before);

  Result<std::vector<NodeRow>> nodes(const NodeQuery& query);
  Result<std::optional<NodeRow>> node(std::uint32_t num);
  Result<NodeDetail> node_detail(std::uint32_t num);
  // The agents that heard a node over the air, last heard first.
  Result<std::vector<HeardByRow>> heard_by(std::uint32_t num);

  Result<std::vector<AgentRow>> agents();
  Result<std::optional<AgentRow>> agent(std::int64_t num);
  // The number of an agent by its id.
  Result<std::optional<std::int64_t>> agent_number(std::string_view id);

  // Online: nodes heard within 2 hours, agents that uploaded within 5 minutes before `now_us`.
  Result<StatsRow> stats(std::int64_t now_us);

  // Runs `EXPLAIN QUERY PLAN` on every statement prepared so far; for the test that lists come from index scans.
  Result<std::vector<std::string>> plans();

 private:
  struct Impl;
  explicit IndexReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mmm::index
