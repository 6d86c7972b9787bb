#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace mmm::perf {

struct Throughput {
  std::uint64_t uploads = 0;
  double seconds = 0;
  double cpu_seconds = 0;  // of what is measured: this process, or the server's
};

// Straight to RocksDB, in a new database with the packet log's settings: what no server on top of it can exceed.

// `writers` threads, each putting its chunk with a synced write of its own; RocksDB commits them in groups.
Throughput measure_synced_writers(const std::filesystem::path& path, std::size_t records, unsigned writers,
                                  std::chrono::milliseconds duration);

// One thread that writes `group` chunks at a time and then syncs the write-ahead log.
Throughput measure_group_writer(const std::filesystem::path& path, std::size_t records, unsigned group,
                                std::chrono::milliseconds duration);

}  // namespace mmm::perf
