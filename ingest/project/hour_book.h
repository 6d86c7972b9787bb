#pragma once

#include "core/base/result.h"
#include "core/store/index/index_writer.h"
#include "core/store/index/rows.h"

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace mmm::ingest {

// The start of the hour, in microseconds since the epoch.
std::int64_t hour_of(std::int64_t time_us);

// What each node sent in each hour, while records are folded: read once, changed in memory, written once a transaction.
// One thread.
class HourBook {
 public:
  explicit HourBook(index::IndexWriter& writer) : writer_(writer) {}

  // The row of the hour that holds `time_us`, to be changed. Valid until write() or the next call.
  Result<index::NodeHourRow*> change(std::uint32_t node, std::int64_t time_us);

  // Writes what was changed in the open transaction.
  Result<> write();
  // After the commit: nothing is changed any more; forgets rows when there are too many.
  void committed();

 private:
  struct Key {
    std::uint32_t node = 0;
    std::int64_t start_us = 0;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const;
  };
  struct Entry {
    index::NodeHourRow row;
    bool changed = false;
  };
  index::IndexWriter& writer_;
  std::unordered_map<Key, Entry, Hash> hours_;
  std::vector<Key> changed_;
};

}  // namespace mmm::ingest
