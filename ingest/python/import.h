#pragma once

#include "core/base/result.h"
#include "core/store/packet_log.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

namespace mmm::ingest::python {

struct ImportCounts {
  std::uint64_t stored = 0;
  std::uint64_t duplicates = 0;  // imported before
  std::uint64_t skipped = 0;     // rows without a number of their own, or too long
};

// Called now and then: the table at hand, and what was done so far.
using ImportProgress = std::function<void(std::string_view table, const ImportCounts& counts)>;

// Appends what the Python version's database holds to the packet log, as records of its agents with their own times:
// agents, packets, names, nodes, routes. What is imported again is stored once, and a database that has grown adds what
// is new. All that was counted as stored is durable, also after a failure.
//
// Fails as read_old_table and the log do; kDiskFull when fewer than `free_bytes_min` would be left.
Result<ImportCounts> import_database(store::PacketLog& log, const std::filesystem::path& log_path,
                                     std::uint64_t free_bytes_min, const std::filesystem::path& database,
                                     const ImportProgress& progress);

}  // namespace mmm::ingest::python
