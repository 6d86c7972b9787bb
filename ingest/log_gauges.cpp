#include "ingest/log_gauges.h"

#include "core/store/free_space.h"
#include "metrics/catalog_server.h"

#include <chrono>
#include <utility>

namespace mmm::ingest {
namespace {

constexpr std::chrono::seconds kMeasureInterval{10};

}  // namespace

LogGauges::LogGauges(const store::PacketLog& log, std::filesystem::path path, metrics::Registry& registry)
    : log_(log),
      path_(std::move(path)),
      table_bytes_(registry.gauge(metrics::server::kLogBytes, {{"part", "tables"}})),
      wal_bytes_(registry.gauge(metrics::server::kLogBytes, {{"part", "wal"}})),
      memory_bytes_(registry.gauge(metrics::server::kLogMemoryBytes)),
      free_bytes_(registry.gauge(metrics::server::kLogFreeBytes)) {}

void LogGauges::measure() {
  const store::PacketLogSize size = log_.size();
  table_bytes_.Set(static_cast<double>(size.table_bytes));
  wal_bytes_.Set(static_cast<double>(size.wal_bytes));
  memory_bytes_.Set(static_cast<double>(size.memory_bytes));
  if (const auto free = store::free_bytes(path_)) free_bytes_.Set(static_cast<double>(*free));
}

boost::asio::awaitable<void> LogGauges::keep_measuring(TimeSource& time) {
  while (true) {
    measure();
    co_await time.sleep_for(kMeasureInterval);
  }
}

}  // namespace mmm::ingest
