#pragma once

#include "core/base/result.h"

#include <cstdint>

namespace mmm::store {

class PacketLog;

// What the log takes on disk, and how fast it grows.
struct LogStorage {
  std::uint64_t bytes = 0;
  std::int64_t oldest_us = 0;  // when the oldest record came; 0: there is none
  double bytes_per_day = 0;
};

// Some file system calls.
Result<LogStorage> measure(const PacketLog& log);

}  // namespace mmm::store
