#include "ingest/project/packet_cache.h"

#include <utility>

namespace mmm::ingest {

void PacketCache::put(index::PacketRow row) {
  if (newer_.size() >= half_) {
    older_ = std::exchange(newer_, Rows());
    newer_.reserve(half_);
  }
  const store::LogId id = row.id;
  newer_.insert_or_assign(id, std::move(row));
}

std::optional<index::PacketRow> PacketCache::take(store::LogId id) {
  for (Rows* rows : {&newer_, &older_}) {
    if (auto node = rows->extract(id)) return std::move(node.mapped());
  }
  return std::nullopt;
}

}  // namespace mmm::ingest
