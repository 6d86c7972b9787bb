#pragma once

#include "core/base/result.h"
#include "core/store/index/retention.h"
#include "core/store/index/storage.h"
#include "core/store/log_storage.h"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace mmm::index {
class IndexReader;
}

namespace mmm::store {

// How long what is kept, and how much of the disk stays free.
struct StorageOptions {
  index::Retention keep_index{};
  std::optional<std::int64_t> keep_log_us{};
  std::uint64_t free_bytes_min = 0;  // uploads are refused when less is free
};

// What takes room in a data directory, and how much it will be.
struct StorageReport {
  LogStorage log;
  index::IndexStorage index;
  std::uint64_t free_bytes = 0;
  std::uint64_t usable_bytes = 0;  // of those, before uploads are refused
  index::StorageForecast forecast;
};

// Blocks for some tens of milliseconds. `data_dir`: where both stores are.
Result<StorageReport> report_storage(const PacketLog& log, index::IndexReader& reader,
                                     const std::filesystem::path& data_dir, const StorageOptions& options);

}  // namespace mmm::store
