#pragma once

#include "core/base/result.h"
#include "core/mesh/node.pb.h"
#include "core/store/index/index_writer.h"
#include "core/store/index/rows.h"
#include "ingest/project/row_book.h"

#include <cstdint>
#include <functional>
#include <span>

namespace mmm::ingest {

// One reception over the air, as far as it tells of its sender.
struct HeardReception {
  std::int64_t time_us = 0;
  bool is_new_packet = false;  // the packet's first reception over the air
  bool via_mqtt = false;
  std::optional<std::uint32_t> hops;
  std::optional<double> snr;
  std::optional<std::int32_t> rssi;
};

// The rows of nodes while records are folded into them: read once, changed in memory, written once a transaction.
// One thread.
class NodeBook {
 public:
  explicit NodeBook(index::IndexWriter& writer) : writer_(writer) {}

  // The node's row to be changed, from the index or new. Valid until committed().
  Result<index::NodeRow*> change(std::uint32_t num);

  Result<> write();
  void committed() { nodes_.committed(); }

  [[nodiscard]] std::span<const std::uint32_t> changed() const { return nodes_.changed(); }

 private:
  index::IndexWriter& writer_;
  RowBook<std::uint32_t, index::NodeRow, std::hash<std::uint32_t>> nodes_;
};

// False for 0, the reserved numbers and broadcast, which are no nodes.
bool is_node(std::uint32_t num);

// How each kind of knowledge changes a node. `known_us` is when it was true; older knowledge only fills what is
// missing, and what a message does not tell never erases what is known.
void fold_reception(index::NodeRow& node, const HeardReception& reception);
void fold_hops(index::NodeRow& node, std::uint32_t hops, std::int64_t known_us);
void fold_user(index::NodeRow& node, const mesh::User& user, std::int64_t known_us);
void fold_position(index::NodeRow& node, const index::Position& position, std::int64_t known_us);
void fold_metrics(index::NodeRow& node, const index::DeviceMetrics& metrics, std::int64_t known_us);

}  // namespace mmm::ingest
