#pragma once

#include "core/base/result.h"
#include "core/mesh/decode.h"
#include "core/mesh/decrypt.h"
#include "core/mesh/from_radio.pb.h"
#include "core/mesh/packet.h"
#include "core/python/entry_reader.h"
#include "core/store/applied_feed.h"
#include "core/store/chunk.h"
#include "core/store/index/index_writer.h"
#include "ingest/project/agent_book.h"
#include "ingest/project/channel_names.h"
#include "ingest/project/hour_book.h"
#include "ingest/project/link_book.h"
#include "ingest/project/node_book.h"
#include "ingest/project/options.h"
#include "ingest/project/packet_cache.h"
#include "ingest/project/packet_window.h"
#include "ingest/project/pending.h"
#include "ingest/project/rollup_book.h"

#include <cstdint>
#include <memory>

namespace mmm::ingest {

// Folds chunks of the packet log into the index: a pure function of the log and the keys. No clock, no randomness, and
// nothing read back but the index itself, so that any cutting into transactions and any restart gives the same rows.
//
// Use: open(), then for chunks in order apply() and now and then commit(). One thread.
class Projection {
 public:
  // Reads from the index what is needed to go on from its cursor, but for the window. `writer` and `keys` must outlive
  // it.
  static Result<std::unique_ptr<Projection>> open(index::IndexWriter& writer, mesh::Keyring& keys,
                                                  const ProjectionOptions& options = {});

  // False: the index was begun with other keys or options (fingerprint.h), and what was projected then would be another
  // today. A new index takes those at hand.
  [[nodiscard]] bool fits() const { return fits_; }
  // False: the index was begun with another privacy, and may hold what must not be shown.
  [[nodiscard]] bool is_as_private() const { return is_as_private_; }

  // The last applied record, committed or not; 0: none.
  [[nodiscard]] store::LogId cursor() const { return cursor_; }
  // True when something was applied since the last commit: records, or uploads without any.
  [[nodiscard]] bool has_pending() const { return pending_.cursor != 0; }
  // Records applied since the last commit.
  [[nodiscard]] std::size_t pending_records() const { return pending_.records; }

  // Reads the window of packets that further receptions may belong to, up to a million rows; once, else apply() does
  // it. Fails as apply() does.
  Result<> load_window();

  // Folds a whole chunk in memory. A damaged chunk is passed over (the log has reported it). Fails only when the index
  // cannot be read; the object is then of no further use.
  Result<> apply(const store::StoredChunk& chunk);

  // Writes all that was applied in one transaction. After kDiskFull nothing is lost: call it again when there is room.
  // `named` is what the transaction changed, for the live stream; null: not wanted.
  Result<> commit(store::AppliedBatch* named);

  // What the last commit counted, by index::Counter.
  [[nodiscard]] const std::array<std::int64_t, index::kCounters>& last_counts() const { return last_counts_; }
  [[nodiscard]] const MeshPackets& last_mesh_packets() const { return last_mesh_packets_; }

 private:
  struct Record {
    store::LogId id = 0;
    std::int64_t heard_us = 0;
    upload::RecordKind kind = upload::RECORD_KIND_UNSPECIFIED;
    std::string_view payload;
  };

  Projection(index::IndexWriter& writer, mesh::Keyring& keys, const ProjectionOptions& options);
  Result<> compare_fingerprints();

  Result<> apply_record(const AgentBook::Source& source, const Record& record);
  Result<> apply_from_radio(const AgentBook::Source& source, const Record& record);
  Result<> apply_packet(const AgentBook::Source& source, const Record& record, mesh::Packet packet);
  Result<> apply_node_info(const Record& record, mesh::NodeInfo info);
  // Counts what is from or for a node that nobody is shown.
  bool is_kept_back(const mesh::Packet& packet);
  // What agents of the Python version wrote (python_fold.cpp).
  Result<> apply_python(const AgentBook::Source& source, const Record& record);
  Result<> apply_python_packet(const AgentBook::Source& source, const Record& record);
  Result<> apply_python_node(const AgentBook::Source& source, const Record& record);
  Result<> apply_python_route(const AgentBook::Source& source, const Record& record);
  void add_unreadable(const AgentBook::Source& source, const Record& record, index::DecodeError error);

  // The packet that a reception belongs to; empty: it is the first.
  Result<std::optional<PacketWindow::Entry>> find_packet(const mesh::Packet& packet, const Record& record);
  Result<std::optional<PacketWindow::Entry>> find_late(const mesh::Packet& packet, const Record& record);
  // Both decode when the packet can be read, and fold what it tells.
  Result<PacketWindow::Entry> add_packet(const AgentBook::Source& source, const Record& record, mesh::Packet& packet,
                                         std::uint32_t flags);
  // Of a packet that gets no row, since its node has sent too many.
  Result<> count_flooded(const AgentBook::Source& source, const Record& record, const mesh::Packet& packet,
                         bool is_heard);
  Result<bool> is_flood(const mesh::Packet& packet, const Record& record);
  // `was_counted`: the rollups have the packet under the port it had.
  Result<> decode_now(const AgentBook::Source& source, PacketWindow::Entry& entry, const Record& record,
                      mesh::Packet& packet, bool was_counted);
  Result<> decode_into(const AgentBook::Source& source, index::PacketRow& row, const Record& record,
                       mesh::Packet& packet);
  // The row of a packet to be changed, wherever it is.
  Result<index::PacketRow*> change_packet(store::LogId id);
  Result<> set_flags(PacketWindow::Entry& entry, std::uint32_t flags);
  Result<> count_reception(const AgentBook::Source& source, const Record& record, const mesh::Packet& packet,
                           const PacketWindow::Entry& entry, bool is_new_packet, std::uint32_t airtime_us);

  // Signal values tell of the last transmitter: of the sender when nobody was between, else of a relay.
  Result<> fold_signal(const AgentBook::Source& source, const Record& record, const mesh::Packet& packet,
                       std::optional<double> snr);
  void fold_ack(const index::PacketRow& row, const mesh::Packet& packet, const mesh::Payload& payload);
  // Neighbours and traceroutes that a packet tells.
  Result<> fold_links(const AgentBook::Source& source, const index::PacketRow& row, const mesh::Packet& packet,
                      const mesh::Payload& payload);
  // Those who pass a traceroute on write into it, so that its copies differ.
  Result<> fold_further_copy(const AgentBook::Source& source, const index::PacketRow& row, const mesh::Packet& packet);

  index::IndexWriter& writer_;
  mesh::Keyring& keys_;
  ProjectionOptions options_;
  PacketWindow window_;
  bool window_loaded_ = false;
  PacketCache packets_;
  NodeBook nodes_;
  HourBook hours_;
  LinkBook links_;
  RollupBook rollups_;
  AgentBook agents_;
  Pending pending_;
  store::LogId cursor_ = 0;
  bool fits_ = true;
  bool is_as_private_ = true;
  mesh::FromRadio message_;  // used again for each record, to save its allocations
  mmm::python::EntryReader python_;
  std::optional<mesh::Decrypted> decrypted_;  // owns what the packet at hand views
  std::array<std::int64_t, index::kCounters> last_counts_{};
  MeshPackets last_mesh_packets_;
  ChannelNames channels_;
};

}  // namespace mmm::ingest
