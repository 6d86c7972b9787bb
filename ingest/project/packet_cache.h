#pragma once

#include "core/store/index/rows.h"

#include <cstddef>
#include <optional>
#include <unordered_map>

namespace mmm::ingest {

// Packet rows as they stand in the index, so that further receptions of recent packets need not read them again: a
// row that is read outside a transaction costs more in file locks than in reading.
//
// Holds between `capacity` / 2 and `capacity` of the rows that were put last. One thread.
class PacketCache {
 public:
  explicit PacketCache(std::size_t capacity) : half_(capacity / 2) {}

  void put(index::PacketRow row);
  // Takes the row out, to be changed.
  std::optional<index::PacketRow> take(store::LogId id);

 private:
  using Rows = std::unordered_map<store::LogId, index::PacketRow>;

  std::size_t half_;
  Rows newer_;
  Rows older_;  // goes as a whole when newer_ is full
};

}  // namespace mmm::ingest
