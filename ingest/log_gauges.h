#pragma once

#include "core/async/time_source.h"
#include "core/store/packet_log.h"
#include "metrics/registry.h"

#include <boost/asio/awaitable.hpp>

#include <filesystem>

namespace mmm::ingest {

// Figures of the packet log that have to be asked for: sizes and free space, every ten seconds on the main thread,
// where nobody minds a disk that answers late.
class LogGauges {
 public:
  LogGauges(const store::PacketLog& log, std::filesystem::path path, metrics::Registry& registry);

  void measure();
  // Measures now and then until it is cancelled.
  boost::asio::awaitable<void> keep_measuring(TimeSource& time);

 private:
  const store::PacketLog& log_;
  std::filesystem::path path_;
  prometheus::Gauge& table_bytes_;
  prometheus::Gauge& wal_bytes_;
  prometheus::Gauge& memory_bytes_;
  prometheus::Gauge& free_bytes_;
};

}  // namespace mmm::ingest
