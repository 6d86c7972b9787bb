#pragma once

#include "core/store/packet_log.h"

#include <cstdint>

namespace mmm::ingest {

// Says in the log how far an index is that is made from the packet log. One thread.
class RebuildProgress {
 public:
  // After each commit; says something once a million records. `records` were applied, up to `cursor`.
  void show(const store::PacketLog& log, store::LogId cursor, std::uint64_t records);

 private:
  static constexpr std::uint64_t kEvery = 1'000'000;
  std::uint64_t next_ = kEvery;
};

}  // namespace mmm::ingest
