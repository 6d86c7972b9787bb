#pragma once

#include "core/base/result.h"
#include "core/store/index/link_store.h"
#include "core/store/index/node_store.h"
#include "core/store/index/rows.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace mmm::sqlite {
class Database;
}

namespace mmm::index {

// Packets and receptions of one minute or hour and port; port -1: not decoded.
struct TrafficRow {
  std::int64_t start_us = 0;
  std::int64_t port = 0;
  std::int64_t packets = 0;  // to be added; may be negative when a packet's port becomes known later
  std::int64_t receptions = 0;
};

// What the dedupe window is rebuilt from.
struct WindowRow {
  LogId id = 0;
  std::uint32_t from = 0;
  std::uint32_t packet_id = 0;
  std::optional<std::uint32_t> port;
  std::uint32_t flags = 0;
  std::optional<std::uint64_t> content_key;
};

// The projection's connection to the index: reads what it needs to go on, and writes in transactions.
//
// Concurrency: one thread. Readers on other connections see only whole transactions.
// Errors: as sqlite::Database; after kDiskFull the transaction is gone and may be repeated.
class IndexWriter {
 public:
  // Opens an index that inspect() found usable, or makes an empty one where there is no file.
  static Result<std::unique_ptr<IndexWriter>> open(const std::filesystem::path& path);
  ~IndexWriter();
  IndexWriter(const IndexWriter&) = delete;
  IndexWriter& operator=(const IndexWriter&) = delete;

  // ---- State to go on from ----
  // The last applied record; 0: none.
  Result<LogId> cursor();
  Result<std::vector<AgentRow>> agents();
  Result<std::vector<StreamRow>> streams();
  Result<std::optional<NodeRow>> node(std::uint32_t num);
  // With its receptions, as all packets here.
  Result<std::optional<PacketRow>> packet(LogId id);
  // What the node has sent in the hour that begins then; zeros when nothing.
  Result<NodeHourRow> node_hour(std::uint32_t node, std::int64_t start_us);
  // Packets whose ids are at most `window` below the newest one's, newest first, and at most `limit` of them.
  Result<std::vector<WindowRow>> newest_packets(LogId window, std::size_t limit);
  // Packets of that sender and packet id that were heard within `window_us` of `time_us`, by id. A packet counts as
  // late when it came to the log more than `late_us` after it was heard; all others are found by id.
  Result<std::vector<PacketRow>> packets_near(std::uint32_t from, std::uint32_t packet_id, std::int64_t time_us,
                                              std::int64_t window_us, std::int64_t late_us);

  // Links, relays and traceroutes; lives as long as this.
  LinkStore& links();
  // What nodes tell over time; likewise.
  NodeStore& node_facts();

  // ---- One transaction ----
  Result<> begin();
  // Everything up to `cursor` is applied.
  Result<> commit(LogId cursor);
  void rollback();

  Result<> insert_packet(const PacketRow& packet);
  // Everything of a packet that is there but who sent what to whom, and when. kCorrupt when it is not there.
  Result<> update_packet(const PacketRow& packet);
  Result<> insert_late_packet(const PacketRow& packet);
  Result<> insert_position(const PositionRow& position);
  Result<> insert_telemetry(const TelemetryRow& telemetry);
  Result<> insert_unreadable(const UnreadableRow& row);
  Result<> put_node(const NodeRow& node);
  Result<> put_agent(const AgentRow& agent);
  Result<> put_stream(const StreamRow& stream);
  // Adds the receptions to those that are there; signal and hops are replaced when the row tells them.
  Result<> add_heard_by(const HeardByRow& row);
  Result<> add_traffic_minute(const TrafficRow& row);
  Result<> add_traffic_hour(const TrafficRow& row);
  Result<> put_node_hour(const NodeHourRow& row);
  // Adds the receptions to those that are there.
  Result<> add_agent_hour(const AgentHourRow& row);
  Result<> add_counter(std::size_t counter, std::int64_t by);

  // Moves what the WAL holds into the database file when it has grown beyond `pages`; all of it when 0.
  Result<> checkpoint(int pages);
  // Bytes of the database file and its WAL.
  [[nodiscard]] std::uint64_t bytes_on_disk() const;
  // The connection, for meta.h and retention.h: same thread, outside of a transaction.
  [[nodiscard]] sqlite::Database& connection();

 private:
  struct Impl;
  explicit IndexWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mmm::index
