#pragma once

#include "core/store/index/retention.h"
#include "core/store/log_storage.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace mmm::index {

// How fast the rows of one class come, and what each takes with its indexes: estimates from the last day and from some
// pages of each table.
struct ClassGrowth {
  std::int64_t oldest_us = 0;  // when the oldest row came; 0: there is none, or it is not known
  double rows_per_day = 0;
  double bytes_per_row = 0;
};

// Of the index alone; see IndexReader::storage().
struct IndexStorage {
  std::uint64_t bytes = 0;        // the file's, without its WAL
  std::uint64_t empty_bytes = 0;  // of those, in pages without rows
  std::array<ClassGrowth, kDataClasses> classes{};
};

struct StoragePart {
  std::string_view name;  // as in [retention]
  std::optional<std::int64_t> keep_us;
  std::int64_t oldest_us = 0;
  double bytes_per_day = 0;
  std::optional<double> final_bytes{};  // what it will come to when its age is reached; empty: it grows for ever
};

struct StorageForecast {
  std::vector<StoragePart> parts;   // the log, then the index's classes
  double growth_per_day = 0;        // of what does not lose as much as it gets
  std::optional<double> days_left;  // until `usable_bytes` are used up at that rate; empty: it will not come to that
};

// `now_us`: the newest record's time. `usable_bytes`: those of the disk that may still be taken.
StorageForecast forecast(const IndexStorage& index, const store::LogStorage& log, const Retention& keep_index,
                         std::optional<std::int64_t> keep_log_us, std::uint64_t usable_bytes, std::int64_t now_us);

}  // namespace mmm::index
