#pragma once

#include "core/base/result.h"
#include "core/store/index/index_writer.h"
#include "core/store/index/rows.h"
#include "ingest/project/row_book.h"

#include <cstdint>

namespace mmm::ingest {

// The start of the hour, in microseconds since the epoch.
std::int64_t hour_of(std::int64_t time_us);

// What each node sent in each hour, while records are folded. One thread.
class HourBook {
 public:
  explicit HourBook(index::IndexWriter& writer) : writer_(writer) {}

  // The row of the hour that holds `time_us`, to be changed. Valid until committed().
  Result<index::NodeHourRow*> change(std::uint32_t node, std::int64_t time_us);

  Result<> write();
  void committed() { hours_.committed(); }

 private:
  struct Key {
    std::uint32_t node = 0;
    std::int64_t start_us = 0;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const { return spread(key.node, static_cast<std::uint64_t>(key.start_us)); }
  };
  index::IndexWriter& writer_;
  RowBook<Key, index::NodeHourRow, Hash> hours_;
};

}  // namespace mmm::ingest
